import type { Track } from '../../contract/perception.ts'

export interface TrackLook {
  readonly line: string
  readonly alarm: string
  readonly text: string
  readonly font: string
}

/** Draws a picture. The canvas takes the picture's own size; CSS scales it. */
export function drawPicture(canvas: HTMLCanvasElement, bitmap: ImageBitmap): CanvasRenderingContext2D | undefined {
  if (canvas.width !== bitmap.width || canvas.height !== bitmap.height) {
    canvas.width = bitmap.width
    canvas.height = bitmap.height
  }
  const context = canvas.getContext('2d') ?? undefined
  context?.drawImage(bitmap, 0, 0)
  return context
}

/** Where a machine looks more slowly than it shows, a box older than this may no longer be where its thing is. */
const freshMs = 400

export interface FrameWords {
  readonly className: (className: string) => string
  /** How long ago, for a number of milliseconds. */
  readonly ago: (ms: number) => string
}

/** A box and how much older it is than the picture that it is drawn on; negative where it is newer. */
export interface DrawnTrack {
  readonly track: Track
  readonly olderMs: number
}

/** Draws a picture and its boxes; dashed and with their age are those that were not seen in this picture. */
export function drawFrame(
  canvas: HTMLCanvasElement,
  bitmap: ImageBitmap,
  tracks: readonly DrawnTrack[],
  look: TrackLook,
  words: FrameWords,
): void {
  const context = drawPicture(canvas, bitmap)
  if (!context) return
  context.font = look.font
  context.textBaseline = 'bottom'
  for (const { track, olderMs } of tracks) {
    const dated = Math.abs(olderMs) > freshMs
    const age = olderMs > freshMs ? ` · ${words.ago(olderMs)}` : ''
    context.setLineDash(dated ? [3, 3] : [])
    drawTrack(context, track, look, `${words.className(track.className)} ${Math.round(track.score * 100)}%${age}`)
  }
}

function drawTrack(context: CanvasRenderingContext2D, track: Track, look: TrackLook, label: string): void {
  const colour = track.className === 'fire' || track.className === 'smoke' ? look.alarm : look.line
  const { x, y, width, height } = track.box
  context.lineWidth = 1.5
  context.strokeStyle = colour
  context.strokeRect(x, y, width, height)
  const labelWidth = context.measureText(label).width + 6
  const top = y >= 13 ? y : y + height + 13
  context.fillStyle = colour
  context.fillRect(x - 0.75, top - 13, labelWidth, 13)
  context.fillStyle = look.text
  context.fillText(label, x + 2, top - 1)
}
