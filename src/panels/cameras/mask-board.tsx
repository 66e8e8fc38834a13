import { useEffect, useRef } from 'react'
import type { MaskPolygon } from '../../contract/camera.ts'
import { useText } from '../../ui/preferences.tsx'
import { usePorts } from '../ports.tsx'
import { usePictureSize } from '../use-twin.ts'
import { drawPicture } from './draw-frame.ts'
import { addCorner, type Corner, type MaskDraft, pressKey } from './mask-draft.ts'
import { staysInTab } from './stays-in-tab.ts'

interface MaskBoardProps {
  readonly cameraId: string
  readonly siteMasks: readonly MaskPolygon[]
  readonly draft: MaskDraft
  onDraft(draft: MaskDraft): void
}

/** The live picture with the masks over it; a click or the Enter key sets a corner. */
export function MaskBoard({ cameraId, siteMasks, draft, onDraft }: MaskBoardProps) {
  const text = useText()
  const { cameraView } = usePorts()
  const size = usePictureSize(cameraId)
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const element = canvas.current
    if (!element) return undefined
    return cameraView.subscribeFrames(cameraId, (bitmap) => drawPicture(element, bitmap))
  }, [cameraView, cameraId])
  const [crossX, crossY] = draft.cross
  return (
    // A drawing surface handles its own keys; the list of masks beside it says the same in words.
    <button
      type="button"
      className="mask-board"
      aria-label={text.cameras.mask.board}
      {...staysInTab}
      onPointerDown={(event) => {
        const { left, top, width, height } = event.currentTarget.getBoundingClientRect()
        onDraft(addCorner(draft, [(event.clientX - left) / width, (event.clientY - top) / height]))
      }}
      onKeyDown={(event) => {
        const next = pressKey(draft, event.key, event.shiftKey)
        if (!next) return
        event.preventDefault()
        onDraft(next)
      }}
    >
      <canvas ref={canvas} {...size} className="camera-canvas" />
      {/* Where an outline crosses itself, what it goes round twice is not masked: it is shown so. */}
      <svg className="mask-shapes" fillRule="evenodd" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
        {siteMasks.map((mask) => (
          <polygon key={JSON.stringify(mask)} className="mask-fixed" points={points(mask)} />
        ))}
        {draft.masks.map((mask) => (
          <polygon key={JSON.stringify(mask)} className="mask-shape" points={points(mask)} />
        ))}
        <polyline className="mask-line" points={points(draft.corners)} />
      </svg>
      {draft.corners.map((corner) => (
        <span key={corner.join()} className="mask-corner" style={place(corner)} />
      ))}
      <span className="mask-cross" style={place([crossX, crossY])} />
    </button>
  )
}

const points = (corners: readonly Corner[]) => corners.map((corner) => corner.join()).join(' ')

const place = ([x, y]: Corner) => ({ left: `${x * 100}%`, top: `${y * 100}%` })
