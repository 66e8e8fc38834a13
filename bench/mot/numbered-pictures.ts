/** Which of a folder's pictures shows which frame of a sequence, told by their names. */
import { err, ok, type Result } from '../../src/platform/result.ts'
import type { MotSequence } from './sequence.ts'

const numbered = /^(.*?)(\d+)(\.(?:jpe?g|png|bmp|webp|tiff?))$/i

interface Numbered {
  readonly name: string
  readonly before: string
  /** Without leading zeros: a time of day in nanoseconds is larger than numbers are exact. */
  readonly digits: string
}

/**
 * The file of each frame; undefined where there is none. Other files are passed over. Numbers are those of the frames,
 * unless pictures are counted from another number than boxes.
 */
export function picturesByFrame(
  names: readonly string[],
  frames: Pick<MotSequence, 'firstFrame' | 'frameCount'>,
): Result<readonly (string | undefined)[], string> {
  const found = names.flatMap((name): Numbered[] => {
    const parts = numbered.exec(name)
    return parts ? [{ name, before: parts[1] ?? '', digits: (parts[2] ?? '').replace(/^0+(?=\d)/, '') }] : []
  })
  const [first] = found.sort((a, b) => a.digits.length - b.digits.length || (a.digits < b.digits ? -1 : 1))
  if (!first) return err('no numbered pictures')
  const stranger = found.find(({ before }) => before !== first.before)
  if (stranger) return err(`pictures are named like ${first.name} and like ${stranger.name}`)
  const twin = found.findIndex(({ digits }, i) => digits === found[i + 1]?.digits)
  if (twin >= 0) return err(`${found[twin]?.name} and ${found[twin + 1]?.name} have the same number`)
  const numbers = found.map(({ digits }) => Number(digits))
  const firstNumber = numberOfFirstFrame(numbers, frames)
  const files: (string | undefined)[] = Array.from({ length: frames.frameCount })
  const inOrder = (numbers[0] as number) >= frames.firstFrame + frames.frameCount && numbers.length === files.length
  for (const [i, { name }] of found.entries()) {
    const frame = inOrder ? i : (numbers[i] as number) - firstNumber
    if (frame < files.length) files[frame] = name
  }
  return ok(files)
}

/** `numbers` rise. */
function numberOfFirstFrame(
  numbers: readonly number[],
  { firstFrame, frameCount }: Pick<MotSequence, 'firstFrame' | 'frameCount'>,
): number {
  const [lowest, highest] = [numbers[0] as number, numbers.at(-1) as number]
  const beyond = firstFrame + frameCount
  // Pictures without a gap that reach beyond the last frame are counted otherwise; those with one lack some.
  const isRun = highest - lowest + 1 === numbers.length
  const isCountedOtherwise = isRun && highest >= beyond && (numbers.length === frameCount || lowest === 1)
  return lowest < firstFrame || lowest >= beyond || isCountedOtherwise ? lowest : firstFrame
}
