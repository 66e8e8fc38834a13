import { useEffect, useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { useText } from '../../ui/preferences.tsx'
import { staysInTab } from '../cameras/stays-in-tab.ts'
import { usePorts } from '../ports.tsx'
import { useNames } from '../use-twin.ts'
import type { CalibrationPairs } from './calibration-pairs.ts'

interface CalibrationPictureProps {
  readonly cameraId: string
  readonly pairs: CalibrationPairs
  /** Pixels of the camera's lens, which the picture may show in another size. */
  readonly lens: { readonly widthPx: number; readonly heightPx: number }
  onPoint(x: number, y: number): void
}

/** One frame held still, to click points of the ground in. */
export function CalibrationPicture({ cameraId, pairs, lens, onPoint }: CalibrationPictureProps) {
  const text = useText()
  const names = useNames()
  const { cameraView } = usePorts()
  const canvas = useRef<HTMLCanvasElement>(null)
  const [serial, setSerial] = useState(0)
  const [held, setHeld] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new serial asks for a new frame
  useEffect(() => {
    const element = canvas.current
    if (!element) return undefined
    const stop = cameraView.subscribeFrames(cameraId, (bitmap) => {
      element.width = bitmap.width
      element.height = bitmap.height
      element.getContext('2d')?.drawImage(bitmap, 0, 0)
      setHeld(true)
      stop()
    })
    return stop
  }, [cameraView, cameraId, serial])
  const marks = [...pairs.done, ...(pairs.open.x === undefined ? [] : [{ x: pairs.open.x, y: pairs.open.y ?? 0 }])]
  return (
    <div className="calibration-picture" {...staysInTab}>
      {/* The fields below take the same points by keyboard. */}
      <canvas
        ref={canvas}
        width={lens.widthPx}
        height={lens.heightPx}
        role="img"
        aria-label={text.calibration.picture(names.thing(cameraId))}
        onClick={(event) => {
          const area = event.currentTarget.getBoundingClientRect()
          const round = (value: number) => Math.round(value * 10) / 10
          onPoint(
            round(((event.clientX - area.left) / area.width) * lens.widthPx),
            round(((event.clientY - area.top) / area.height) * lens.heightPx),
          )
        }}
      />
      <svg viewBox={`0 0 ${lens.widthPx} ${lens.heightPx}`} preserveAspectRatio="none" aria-hidden="true">
        {marks.map(({ x, y }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a point's number is its name
          <g key={index} transform={`translate(${x} ${y}) scale(${lens.widthPx / 360})`}>
            <circle r="4" />
            <path d="M-7 0H-2M2 0H7M0-7V-2M0 2V7" />
            <text x="6" y="-6">
              {index + 1}
            </text>
          </g>
        ))}
      </svg>
      {held ? (
        <Button small onClick={() => setSerial(serial + 1)}>
          {text.calibration.newPicture}
        </Button>
      ) : (
        <span className="camera-waiting">{text.cameras.noFrame}</span>
      )}
    </div>
  )
}
