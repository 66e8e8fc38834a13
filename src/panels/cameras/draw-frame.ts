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

/** Draws a picture and its boxes. */
export function drawFrame(
  canvas: HTMLCanvasElement,
  bitmap: ImageBitmap,
  tracks: readonly Track[],
  look: TrackLook,
  word: (className: string) => string,
): void {
  const context = drawPicture(canvas, bitmap)
  if (!context) return
  context.font = look.font
  context.textBaseline = 'bottom'
  for (const track of tracks) drawTrack(context, track, look, word(track.className))
}

function drawTrack(context: CanvasRenderingContext2D, track: Track, look: TrackLook, word: string): void {
  const colour = track.className === 'fire' || track.className === 'smoke' ? look.alarm : look.line
  const { x, y, width, height } = track.box
  context.lineWidth = 1.5
  context.strokeStyle = colour
  context.strokeRect(x, y, width, height)
  const label = `${word} ${Math.round(track.score * 100)}%`
  const labelWidth = context.measureText(label).width + 6
  const top = y >= 13 ? y : y + height + 13
  context.fillStyle = colour
  context.fillRect(x - 0.75, top - 13, labelWidth, 13)
  context.fillStyle = look.text
  context.fillText(label, x + 2, top - 1)
}
