import { useEffect, useRef, useState } from 'react'
import { IconButton } from '../../ui/button.tsx'
import { Slider } from '../../ui/inputs.tsx'
import { useText } from '../../ui/preferences.tsx'
import { type Insets, pictureRect } from '../framing.ts'
import { useBelief, useHud, useOwn } from './hud-context.tsx'

/** Pictures for people. A bitmap is only lent for the call. */
export interface FrameSource {
  subscribeFrames(cameraId: string, draw: (bitmap: ImageBitmap) => void): () => void
}

interface LookThroughProps {
  readonly cameraId: string
  readonly frames: FrameSource
  readonly insets: Insets
}

/** The camera's live picture laid over the twin seen from the same place through the same lens; what the lens bends is left bent. */
export function LookThrough({ cameraId, frames, insets }: LookThroughProps) {
  const text = useText()
  const own = useOwn()
  const { views } = useHud()
  const camera = useBelief((state) => state.site?.cameras.find((c) => c.id === cameraId))
  const canvas = useRef<HTMLCanvasElement>(null)
  const frame = useRef<HTMLDivElement>(null)
  const [opacity, setOpacity] = useState(60)
  const [running, setRunning] = useState(false)
  const [size, setSize] = useState<{ readonly width: number; readonly height: number } | undefined>(undefined)
  useEffect(
    () =>
      frames.subscribeFrames(cameraId, (bitmap) => {
        const element = canvas.current
        if (!element) return
        if (element.width !== bitmap.width || element.height !== bitmap.height) {
          element.width = bitmap.width
          element.height = bitmap.height
        }
        element.getContext('2d')?.drawImage(bitmap, 0, 0)
        setRunning(true)
      }),
    [frames, cameraId],
  )
  useEffect(() => {
    const element = frame.current
    if (!element) return
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  useEffect(() => {
    const leave = (event: KeyboardEvent) => event.key === 'Escape' && views.getState().lookThrough(undefined)
    document.addEventListener('keydown', leave)
    return () => document.removeEventListener('keydown', leave)
  }, [views])
  if (!camera) return null
  const rect = size && pictureRect(size.width, size.height, insets, camera.lens.widthPx / camera.lens.heightPx)
  const box = rect && { left: rect.left, top: rect.top, width: rect.right - rect.left, height: rect.bottom - rect.top }
  const name = own(camera.name)
  return (
    <div className="through" ref={frame}>
      <div className="through-frame" style={box ?? { visibility: 'hidden' }}>
        <canvas
          ref={canvas}
          className="through-picture"
          style={{ opacity: opacity / 100 }}
          role="img"
          aria-label={text.cameras.picture(name)}
        />
        {!running && <p className="through-waiting">{text.hud.throughWaiting}</p>}
        <fieldset className="through-bar" aria-label={text.hud.through(name)}>
          <b>{text.hud.through(name)}</b>
          <Slider label={text.hud.throughOpacity} value={opacity} min={0} max={100} step={5} onChange={setOpacity} />
          <IconButton
            icon="close"
            label={text.hud.throughLeave}
            onClick={() => views.getState().lookThrough(undefined)}
          />
        </fieldset>
      </div>
    </div>
  )
}
