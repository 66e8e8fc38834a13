/** What a sequence shows, frame by frame through ffmpeg: numbered pictures in a folder, or a film. */
import { execFile, spawn } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Picture } from '../../src/infer/detector-input.ts'
import { err, ok, type Result } from '../../src/platform/result.ts'
import { decodeByFfmpeg } from '../coco/pictures.ts'
import { Refusal } from '../refusal.ts'
import type { MotSequence } from './sequence.ts'

export interface Film {
  /** Undefined for pictures, and where the film does not tell. */
  readonly framesPerS: number | undefined
  /** At most as many as the sequence has, of the size in which its boxes lie. */
  frames(): AsyncGenerator<Picture>
}

export async function openFilm(sequence: MotSequence): Promise<Film> {
  const source = await findSource(sequence)
  const first = await decodeByFfmpeg(source.input)
  const { width, height } = sequence.sizePx ?? first
  if (width !== first.width || height !== first.height)
    process.stderr.write(
      `${sequence.name}: pictures of ${first.width} × ${first.height} are scaled to seqinfo.ini's ${width} × ${height}\n`,
    )
  const framesPerS = source.film === undefined ? undefined : await frameRate(source.film)
  if (framesPerS && sequence.framesPerS && Math.abs(framesPerS / sequence.framesPerS - 1) > 0.01)
    process.stderr.write(
      `${sequence.name}: the film has ${framesPerS} frames a second, seqinfo.ini says ${sequence.framesPerS}; each of its frames counts as one\n`,
    )
  return {
    framesPerS,
    frames: () => decoded(sequence, source.input, width, height),
  }
}

interface Source {
  readonly input: readonly string[]
  readonly film?: string
}

const filmEnding = /\.(mp4|m4v|mov|mkv|webm|avi|mpe?g|ts)$/i

async function findSource({ name, folder, imageFolder }: MotSequence): Promise<Source> {
  const pictures = await readdir(imageFolder).catch(() => [])
  const films = (await readdir(folder)).filter((file) => filmEnding.test(file))
  const pattern = numberedPictures(pictures)
  if (pattern.ok) {
    const { start, form } = pattern.value
    return { input: ['-start_number', `${start}`, '-i', join(imageFolder.replaceAll('%', '%%'), form)] }
  }
  const names = [name, basename(resolve(folder))]
  const [film] = films.length > 1 ? films.filter((file) => names.some((own) => file.startsWith(`${own}.`))) : films
  if (film !== undefined) return { input: ['-i', join(folder, film)], film: join(folder, film) }
  if (films.length > 1) throw new Refusal(`${folder}: which film is it, ${films.join(', ')}?`)
  throw new Refusal(`${imageFolder}: ${pattern.error}, and ${folder} has no film`)
}

const numbered = /^(.*?)(\d+)(\.(?:jpe?g|png|bmp|webp|tiff?))$/i

/** The form of the names for ffmpeg (`%06d.jpg`) and the first number, which is frame 1. Other files are passed over. */
export function numberedPictures(
  names: readonly string[],
): Result<{ readonly start: number; readonly form: string }, string> {
  const found = names.flatMap((name) => {
    const parts = numbered.exec(name)
    return parts ? [{ name, before: parts[1] ?? '', digits: parts[2] ?? '', ending: parts[3] ?? '' }] : []
  })
  const [first, ...more] = found.sort((a, b) => Number(a.digits) - Number(b.digits))
  if (!first) return err('no numbered pictures')
  const stranger = more.find(({ before, ending }) => before !== first.before || ending !== first.ending)
  if (stranger) return err(`pictures are named like ${first.name} and like ${stranger.name}`)
  const start = Number(first.digits)
  const gap = found.findIndex(({ digits }, i) => Number(digits) !== start + i)
  if (gap >= 0) return err(`the picture of number ${start + gap} is missing`)
  const padded = found.every(({ digits }) => digits.length === first.digits.length)
  const number = padded ? `%0${first.digits.length}d` : '%d'
  return ok({ start, form: `${first.before.replaceAll('%', '%%')}${number}${first.ending}` })
}

async function frameRate(film: string): Promise<number | undefined> {
  const args = [
    '-v',
    'error',
    '-select_streams',
    'v:0',
    '-show_entries',
    'stream=avg_frame_rate',
    '-of',
    'csv=p=0',
    film,
  ]
  const { stdout } = await promisify(execFile)('ffprobe', args)
  const [count, per] = stdout.trim().split('/').map(Number)
  const rate = (count as number) / (per ?? 1)
  return rate > 0 && rate <= 1000 ? rate : undefined
}

async function* decoded(
  sequence: MotSequence,
  input: readonly string[],
  width: number,
  height: number,
): AsyncGenerator<Picture> {
  const asTheyCome = ['-fps_mode', 'passthrough', '-frames:v', `${sequence.frameCount}`]
  const output = ['-vf', `scale=${width}:${height}`, '-f', 'rawvideo', '-pix_fmt', 'rgba', '-']
  const args = ['-v', 'error', ...input, ...asTheyCome, ...output]
  const decoder = spawn('ffmpeg', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve, reject) => {
    decoder.on('error', (error) => reject(new Error(`ffmpeg: ${error.message}`)))
    decoder.on('close', resolve)
  })
  // Whoever stops reading early never asks how it ended.
  ended.catch(() => {})
  const frame = new Uint8Array(width * height * 4)
  let filled = 0
  try {
    for await (const chunk of decoder.stdout as AsyncIterable<Uint8Array>) {
      for (let from = 0; from < chunk.length; ) {
        const count = Math.min(chunk.length - from, frame.length - filled)
        frame.set(chunk.subarray(from, from + count), filled)
        from += count
        filled += count
        if (filled < frame.length) continue
        filled = 0
        yield { width, height, rgba: frame.slice().buffer }
      }
    }
    const code = await ended
    if (code !== 0) throw new Refusal(`${sequence.name}: ffmpeg ended with ${code}`)
  } finally {
    decoder.kill()
  }
}
