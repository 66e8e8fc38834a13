/** Sequences in the MOTChallenge form: `seqinfo.ini`, `gt/gt.txt`, `det/det.txt`, pictures in `img1/` or one mp4. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { BoxInImage } from '../../src/contract/perception.ts'
import { err, ok, type Result } from '../../src/platform/result.ts'
import { Refusal } from '../refusal.ts'

export interface MotBox {
  readonly id: number
  readonly score: number
  readonly box: BoxInImage
}

/** Boxes of each frame; index 0 is frame 1. */
export type MotFrames = readonly (readonly MotBox[])[]

export interface MotSequence {
  readonly name: string
  readonly folder: string
  /** Undefined where no `seqinfo.ini` tells. */
  readonly framesPerS: number | undefined
  readonly frameCount: number
  /** Of the pictures as the boxes lie in them; undefined where no `seqinfo.ini` tells. */
  readonly sizePx: { readonly width: number; readonly height: number } | undefined
  readonly imageFolder: string
  readonly truth: MotFrames
  /** Everything that is annotated, to tell which tracks follow what nobody is asked to find. */
  readonly annotated: readonly (readonly AnnotatedBox[])[]
}

export interface AnnotatedBox {
  readonly box: BoxInImage
  /** Somebody on a vehicle, a dummy, a reflection …: neither right nor wrong to find. */
  readonly distractor: boolean
}

interface MotRow extends MotBox {
  readonly frame: number
  /** 1 pedestrian in MOT16 and later; undefined in MOT15, whose ten columns end in world coordinates. */
  readonly classId: number | undefined
}

/** Somebody on a vehicle, who stands still, a distractor, a reflection: the benchmark's own numbers. */
const distractorClasses: readonly number[] = [2, 7, 8, 12]
/** MOT20 counts vehicles without a motor among them. */
const mot20Class = 6
const mostFrames = 1_000_000

/** Rows `frame, id, left, top, width, height, score, …`; the error names the line. Longer than any real sequence: refused. */
export function parseMotRows(text: string): Result<MotRow[], string> {
  const rows: MotRow[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const values = line
      .replace(/[\s,]+$/, '')
      .trim()
      .split(/\s*,\s*|\s+/)
      .map((field) => (field === '' ? Number.NaN : Number(field)))
    const [frame, id, x, y, width, height] = values.slice(0, 6)
    if (values.length < 6 || !values.every(Number.isFinite)) return err(`line ${index + 1} is not six or more numbers`)
    if (!Number.isInteger(frame) || (frame as number) < 1 || (frame as number) > mostFrames)
      return err(`line ${index + 1}: frame ${frame} is not 1…1000000`)
    rows.push({
      frame: frame as number,
      id: id as number,
      box: { x: x as number, y: y as number, width: width as number, height: height as number },
      score: values[6] ?? 1,
      classId: values.length === 8 || values.length === 9 ? classOf(values[7] as number) : undefined,
    })
  }
  return ok(rows)
}

/** −1 stands for nothing in any column. */
const classOf = (value: number) => (value === -1 ? undefined : value)

/** Rows with flag 0 are not asked for, nor are classes other than 1, a pedestrian. */
export function truthFrames(rows: readonly MotRow[], frameCount: number): MotFrames {
  return byFrame(
    rows.filter(({ score, classId }) => score !== 0 && (classId === undefined || classId === 1)),
    frameCount,
  )
}

export function annotatedFrames(
  rows: readonly MotRow[],
  frameCount: number,
  name: string,
): readonly (readonly AnnotatedBox[])[] {
  const distractors = /^MOT20/i.test(name) ? [...distractorClasses, mot20Class] : distractorClasses
  const frames: AnnotatedBox[][] = Array.from({ length: frameCount }, () => [])
  for (const { frame, box, classId } of rows)
    frames[frame - 1]?.push({ box, distractor: classId !== undefined && distractors.includes(classId) })
  return frames
}

export function byFrame(rows: readonly MotRow[], frameCount: number): MotFrames {
  const frames: MotBox[][] = Array.from({ length: frameCount }, () => [])
  for (const { frame, id, score, box } of rows) frames[frame - 1]?.push({ id, score, box })
  return frames
}

export async function readMotRows(file: string): Promise<MotRow[]> {
  const rows = parseMotRows(await readFile(file, 'utf8'))
  if (!rows.ok) throw new Refusal(`${file}: ${rows.error}`)
  return rows.value
}

/** A sequence folder, or a folder of such folders. */
export async function findSequences(folder: string): Promise<string[]> {
  if (await exists(join(folder, 'gt', 'gt.txt'))) return [folder]
  const inside = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory())
  const found: string[] = []
  for (const { name } of inside.sort((a, b) => a.name.localeCompare(b.name)))
    if (await exists(join(folder, name, 'gt', 'gt.txt'))) found.push(join(folder, name))
  if (found.length === 0) throw new Refusal(`${folder}: no gt/gt.txt here nor one folder below`)
  return found
}

export async function readSequence(folder: string): Promise<MotSequence> {
  const truthFile = join(folder, 'gt', 'gt.txt')
  const rows = await readMotRows(truthFile)
  const infoFile = join(folder, 'seqinfo.ini')
  const info = (await exists(infoFile)) ? parseIni(await readFile(infoFile, 'utf8')) : {}
  const stated = (key: string, most: number, whole = true) => {
    const text = info[key.toLowerCase()]
    if (text === undefined) return undefined
    const value = Number(text)
    if (value > 0 && value <= most && (!whole || Number.isInteger(value))) return value
    throw new Refusal(`${infoFile}: ${key} is ${text}`)
  }
  const last = rows.reduce((most, { frame }) => Math.max(most, frame), 1)
  const frameCount = stated('seqLength', mostFrames) ?? last
  const [width, height] = [stated('imWidth', mostSidePx), stated('imHeight', mostSidePx)]
  const name = info.name ?? basename(resolve(folder))
  const truth = truthFrames(rows, frameCount)
  if (truth.every((boxes) => boxes.length === 0))
    throw new Refusal(`${truthFile}: none of its ${rows.length} boxes is of a person who is to be found`)
  return {
    name,
    folder,
    framesPerS: stated('frameRate', 1000, false),
    frameCount,
    sizePx: width && height ? { width, height } : undefined,
    imageFolder: join(folder, info.imdir ?? 'img1'),
    truth,
    annotated: annotatedFrames(rows, frameCount, name),
  }
}

const mostSidePx = 16_384

/** Keys in lower case. */
function parseIni(text: string): Readonly<Record<string, string>> {
  const pairs = text.split('\n').map((line) => /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(line))
  return Object.fromEntries(pairs.flatMap((pair) => (pair ? [[pair[1]?.toLowerCase(), pair[2]]] : [])))
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
