/** What a sequence shows, frame by frame through ffmpeg: numbered pictures in a folder, or a film. */
import { execFile, spawn } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Picture } from '../../src/infer/detector-input.ts'
import { decodeByFfmpeg } from '../coco/pictures.ts'
import { Refusal } from '../refusal.ts'
import { picturesByFrame } from './numbered-pictures.ts'
import type { MotSequence } from './sequence.ts'

export interface Film {
  /** Undefined for pictures, and where the film does not tell. */
  readonly framesPerS: number | undefined
  /** One for each frame of the sequence, of the size in which its boxes lie; undefined where there is none to be read. */
  frames(): AsyncGenerator<Picture | undefined>
}

interface Size {
  readonly width: number
  readonly height: number
}

/** Throws a `Refusal` where nothing can be read at all. */
export async function openFilm(sequence: MotSequence): Promise<Film> {
  const source = await findSource(sequence)
  const first = source.film === undefined ? await firstOf(source.files) : await decodeByFfmpeg(['-i', source.film])
  const { width, height } = sequence.sizePx ?? first
  if (width !== first.width || height !== first.height)
    process.stderr.write(
      `${sequence.name}: pictures of ${first.width} × ${first.height} are scaled to seqinfo.ini's ${width} × ${height}\n`,
    )
  if (source.film === undefined)
    return { framesPerS: undefined, frames: () => eachPicture(source.files, { width, height }) }
  const { film } = source
  const framesPerS = await frameRate(film)
  if (framesPerS && sequence.framesPerS && Math.abs(framesPerS / sequence.framesPerS - 1) > 0.01)
    process.stderr.write(
      `${sequence.name}: the film has ${framesPerS} frames a second, seqinfo.ini says ${sequence.framesPerS}; each of its frames counts as one\n`,
    )
  return { framesPerS, frames: () => eachOfFilm(sequence, film, { width, height }) }
}

/** A path for each frame, or a film. */
type Source = { readonly film: string } | { readonly film?: undefined; readonly files: readonly (string | undefined)[] }

const filmEnding = /\.(mp4|m4v|mov|mkv|webm|avi|mpe?g|ts)$/i

async function findSource(sequence: MotSequence): Promise<Source> {
  const { name, folder, imageFolder } = sequence
  const pictures = picturesByFrame(await readdir(imageFolder).catch(() => []), sequence)
  if (pictures.ok) return { files: pictures.value.map((file) => file && join(imageFolder, file)) }
  const films = (await readdir(folder)).filter((file) => filmEnding.test(file))
  const names = [name, basename(resolve(folder))]
  const [film] = films.length > 1 ? films.filter((file) => names.some((own) => file.startsWith(`${own}.`))) : films
  if (film !== undefined) return { film: join(folder, film) }
  if (films.length > 1) throw new Refusal(`${folder}: which film is it, ${films.join(', ')}?`)
  throw new Refusal(`${imageFolder}: ${pictures.error}, and ${folder} has no film`)
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

/** The first that can be read. */
async function firstOf(files: readonly (string | undefined)[]): Promise<Size> {
  let why = 'no picture is of a frame of the sequence'
  for (const file of files) {
    if (file === undefined) continue
    try {
      return await decodeByFfmpeg(['-i', file])
    } catch (error) {
      why = `${file}: ${error instanceof Error ? error.message : String(error)}`
    }
  }
  throw new Refusal(why)
}

const scaledTo = ({ width, height }: Size) => ['-vf', `scale=${width}:${height}`]

/** Each by itself, so that one that is missing or broken moves no other; one is decoded ahead. */
async function* eachPicture(files: readonly (string | undefined)[], size: Size): AsyncGenerator<Picture | undefined> {
  const decode = async (file: string | undefined) =>
    file === undefined ? undefined : decodeByFfmpeg(['-i', file, ...scaledTo(size)]).catch(() => undefined)
  let ahead = decode(files[0])
  for (const i of files.keys()) {
    const picture = await ahead
    ahead = decode(files[i + 1])
    yield picture
  }
}

async function* eachOfFilm(sequence: MotSequence, film: string, size: Size): AsyncGenerator<Picture | undefined> {
  const asTheyCome = ['-fps_mode', 'passthrough', '-frames:v', `${sequence.frameCount}`]
  const output = [...scaledTo(size), '-f', 'rawvideo', '-pix_fmt', 'rgba', '-']
  const args = ['-v', 'error', '-i', film, ...asTheyCome, ...output]
  const decoder = spawn('ffmpeg', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve, reject) => {
    decoder.on('error', (error) => reject(new Error(`ffmpeg: ${error.message}`)))
    decoder.on('close', resolve)
  })
  // Whoever stops reading early never asks how it ended.
  ended.catch(() => {})
  const { width, height } = size
  const frame = new Uint8Array(width * height * 4)
  let filled = 0
  let count = 0
  try {
    for await (const chunk of decoder.stdout as AsyncIterable<Uint8Array>) {
      for (let from = 0; from < chunk.length; ) {
        const length = Math.min(chunk.length - from, frame.length - filled)
        frame.set(chunk.subarray(from, from + length), filled)
        from += length
        filled += length
        if (filled < frame.length) continue
        filled = 0
        count++
        yield { width, height, rgba: frame.slice().buffer }
      }
    }
    const code = await ended
    if (code !== 0) throw new Refusal(`${sequence.name}: ffmpeg ended with ${code}`)
    for (; count < sequence.frameCount; count++) yield undefined
  } finally {
    decoder.kill()
  }
}
