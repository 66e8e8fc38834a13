/** Sequences in the MOTChallenge form: `seqinfo.ini`, `gt/gt.txt`, `det/det.txt`, pictures in `img1/` or one mp4. */
import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { BoxInImage } from '../../src/contract/perception.ts'
import { err, ok, type Result } from '../../src/platform/result.ts'
import { Refusal } from '../refusal.ts'

export interface MotBox {
  readonly id: number
  readonly score: number
  readonly box: BoxInImage
}

/** Boxes of each frame; index 0 is the first frame. */
export type MotFrames = readonly (readonly MotBox[])[]

export interface MotSequence {
  readonly name: string
  readonly folder: string
  /** Undefined where no `seqinfo.ini` tells. */
  readonly framesPerS: number | undefined
  readonly frameCount: number
  /** What its files call the first frame. */
  readonly firstFrame: 0 | 1
  /** Of the pictures as the boxes lie in them; undefined where no `seqinfo.ini` tells. */
  readonly sizePx: { readonly width: number; readonly height: number } | undefined
  readonly imageFolder: string
  readonly truth: MotFrames
  /** Everything that is annotated, to tell which tracks follow what nobody is asked to find. */
  readonly annotated: readonly (readonly AnnotatedBox[])[]
  /** The error tells why there are none. */
  readonly detections: Result<MotFrames, string>
}

export interface AnnotatedBox {
  readonly box: BoxInImage
  /** Somebody on a vehicle, a dummy, a reflection …: neither right nor wrong to find. */
  readonly distractor: boolean
}

interface MotRow extends MotBox {
  /** As the file numbers it, from 0 or from 1. */
  readonly frame: number
  /** 1 pedestrian in MOT16 and later; undefined in MOT15, whose ten columns end in world coordinates. */
  readonly classId: number | undefined
}

/** Somebody on a vehicle, who stands still, a distractor, a reflection: the benchmark's own numbers. */
const distractorClasses: readonly number[] = [2, 7, 8, 12]
/** MOT20 counts vehicles without a motor among them. */
const mot20Class = 6
const mostFrames = 1_000_000

/**
 * Rows `frame, id, left, top, width, height, score, …`; the error names the line. What comes after the sixth column may be
 * missing, or words. Longer than any real sequence: refused.
 */
export function parseMotRows(text: string): Result<MotRow[], string> {
  const rows: MotRow[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const values = valuesOf(line)
    const [frame, id, x, y, width, height] = values.slice(0, 6)
    if (values.length < 6 || !values.slice(0, 6).every(Number.isFinite))
      return err(`line ${index + 1} does not begin with six numbers`)
    if (!Number.isInteger(frame) || (frame as number) < 0 || (frame as number) > mostFrames)
      return err(`line ${index + 1}: frame ${frame} is not 0…1000000`)
    rows.push({
      frame: frame as number,
      id: id as number,
      box: { x: x as number, y: y as number, width: width as number, height: height as number },
      score: known(values[6]) ?? 1,
      classId: values.length === 8 || values.length === 9 ? classOf(known(values[7])) : undefined,
    })
  }
  return ok(rows)
}

/** Columns that are empty or hold words are no numbers. Where there are commas, words may have spaces. */
function valuesOf(line: string): number[] {
  const bare = line.replace(/[\s,]+$/, '').trim()
  return bare.split(bare.includes(',') ? /\s*,\s*/ : /\s+/).map((field) => (field === '' ? Number.NaN : Number(field)))
}

const known = (value: number | undefined) => (Number.isFinite(value) ? value : undefined)

/** −1 stands for nothing in any column. */
const classOf = (value: number | undefined) => (value === -1 ? undefined : value)

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

async function readRows(file: string): Promise<Result<MotRow[], string>> {
  const rows = parseMotRows(await readFile(file, 'utf8'))
  if (!rows.ok) return err(`${file}: ${rows.error}`)
  const boxes = rows.value.filter(({ box }) => box.width > 0 && box.height > 0)
  const flat = rows.value.length - boxes.length
  if (flat > 0) process.stderr.write(`${file}: ${flat} boxes without width or height are left out\n`)
  return ok(boxes)
}

const mostLevels = 3
const mostFolders = 20_000

/** A sequence's own folder, or all that lie up to three levels below; links are followed, no folder is looked into twice. */
export async function findSequences(folder: string): Promise<string[]> {
  const found: string[] = []
  const seen = new Set<string>()
  let level = [folder]
  for (let depth = 0; level.length > 0; depth++) {
    const below: string[] = []
    for (const here of level) {
      const real = await realpath(here)
      if (seen.has(real)) continue
      seen.add(real)
      if (await exists(join(here, 'gt', 'gt.txt'))) found.push(here)
      else if (depth < mostLevels) below.push(...(await foldersIn(here, depth === 0)))
    }
    if (seen.size + below.length > mostFolders)
      throw new Refusal(`${folder}: more than ${mostFolders} folders; name those of the sequences`)
    level = below
  }
  if (found.length === 0) throw new Refusal(`${folder}: no gt/gt.txt here nor ${mostLevels} levels below`)
  return found
}

async function foldersIn(folder: string, wasNamed: boolean): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (wasNamed) throw error
    return []
  })
  const folders: string[] = []
  for (const entry of entries.sort((a, b) => a.name.localeCompare(b.name))) {
    const path = join(folder, entry.name)
    const linked = entry.isSymbolicLink() && (await stat(path).catch(() => undefined))?.isDirectory()
    if (entry.isDirectory() || linked) folders.push(path)
  }
  return folders
}

/** `detectionFile` is the sequence's own where none is named. */
export async function readSequence(
  folder: string,
  detectionFile = join(folder, 'det', 'det.txt'),
): Promise<MotSequence> {
  const truthFile = join(folder, 'gt', 'gt.txt')
  const read = await readRows(truthFile)
  if (!read.ok) throw new Refusal(read.error)
  const found = (await exists(detectionFile))
    ? await readRows(detectionFile)
    : err(`${detectionFile} is not there; name --detections FILE or a --model`)
  const firstFrame = [...read.value, ...(found.ok ? found.value : [])].some(({ frame }) => frame === 0) ? 0 : 1
  const fromOne = (rows: readonly MotRow[]) => rows.map((row) => ({ ...row, frame: row.frame + 1 - firstFrame }))
  const rows = fromOne(read.value)
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
    firstFrame,
    sizePx: width && height ? { width, height } : undefined,
    imageFolder: join(folder, info.imdir ?? 'img1'),
    truth,
    annotated: annotatedFrames(rows, frameCount, name),
    detections: found.ok ? ok(byFrame(fromOne(found.value), frameCount)) : found,
  }
}

const mostSidePx = 16_384

/** Keys in lower case. */
function parseIni(text: string): Readonly<Record<string, string>> {
  const pairs = text.split('\n').map((line) => /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(line))
  return Object.fromEntries(pairs.flatMap((pair) => (pair ? [[pair[1]?.toLowerCase(), pair[2]]] : [])))
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
