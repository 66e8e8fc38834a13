/** Sequences in the MOTChallenge form: `seqinfo.ini`, `gt/gt.txt`, `det/det.txt`, pictures in `img1/` or one mp4. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { BoxInImage } from '../../src/contract/perception.ts'
import { err, ok, type Result } from '../../src/platform/result.ts'

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
  readonly framesPerS: number
  readonly frameCount: number
  readonly widthPx: number
  readonly heightPx: number
  readonly imageFolder: string
  readonly imageExtension: string
  readonly truth: MotFrames
}

interface MotRow extends MotBox {
  readonly frame: number
  /** 1 pedestrian in MOT16 and later; −1 or a world coordinate in MOT15, where there is no class. */
  readonly eighth: number
  readonly columns: number
}

/** Rows `frame, id, left, top, width, height, score, …`; the error names the line. Longer than any real sequence: refused. */
export function parseMotRows(text: string): Result<MotRow[], string> {
  const rows: MotRow[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const values = line
      .trim()
      .split(/[,\s]+/)
      .map(Number)
    const [frame, id, x, y, width, height] = values.slice(0, 6)
    if (values.length < 6 || !values.every(Number.isFinite)) return err(`line ${index + 1} is not six or more numbers`)
    if (!Number.isInteger(frame) || (frame as number) < 1 || (frame as number) > 1_000_000)
      return err(`line ${index + 1}: frame ${frame} is not 1…1000000`)
    rows.push({
      frame: frame as number,
      id: id as number,
      box: { x: x as number, y: y as number, width: width as number, height: height as number },
      score: values[6] ?? 1,
      eighth: values[7] ?? -1,
      columns: values.length,
    })
  }
  return ok(rows)
}

/** Rows with flag 0 are not asked for. Nine columns (MOT16 and later) carry a class, of which 1 is a pedestrian. */
export function truthFrames(rows: readonly MotRow[], frameCount: number): MotFrames {
  return byFrame(
    rows.filter(({ score, columns, eighth }) => score !== 0 && (columns !== 9 || eighth === 1)),
    frameCount,
  )
}

export function byFrame(rows: readonly MotRow[], frameCount: number): MotFrames {
  const frames: MotBox[][] = Array.from({ length: frameCount }, () => [])
  for (const { frame, id, score, box } of rows) frames[frame - 1]?.push({ id, score, box })
  return frames
}

export async function readMotRows(file: string): Promise<MotRow[]> {
  const rows = parseMotRows(await readFile(file, 'utf8'))
  if (!rows.ok) throw new Error(`${file}: ${rows.error}`)
  return rows.value
}

/** A sequence folder, or a folder of such folders. */
export async function findSequences(folder: string): Promise<string[]> {
  if (await exists(join(folder, 'gt', 'gt.txt'))) return [folder]
  const inside = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory())
  const found: string[] = []
  for (const { name } of inside.sort((a, b) => a.name.localeCompare(b.name)))
    if (await exists(join(folder, name, 'gt', 'gt.txt'))) found.push(join(folder, name))
  if (found.length === 0) throw new Error(`${folder}: no gt/gt.txt here nor one folder below`)
  return found
}

export async function readSequence(folder: string): Promise<MotSequence> {
  const rows = await readMotRows(join(folder, 'gt', 'gt.txt'))
  const infoFile = join(folder, 'seqinfo.ini')
  const info = (await exists(infoFile)) ? parseIni(await readFile(infoFile, 'utf8')) : {}
  const count = (key: string, otherwise: number) => {
    const value = Number(info[key] ?? otherwise)
    if (!(value > 0)) throw new Error(`${infoFile}: ${key} is ${info[key]}`)
    return value
  }
  const last = rows.reduce((most, { frame }) => Math.max(most, frame), 1)
  const frameCount = count('seqLength', last)
  return {
    name: info.name ?? basename(folder),
    folder,
    framesPerS: count('frameRate', 25),
    frameCount,
    widthPx: count('imWidth', 1920),
    heightPx: count('imHeight', 1080),
    imageFolder: join(folder, info.imDir ?? 'img1'),
    imageExtension: info.imExt ?? '.jpg',
    truth: truthFrames(rows, frameCount),
  }
}

function parseIni(text: string): Readonly<Record<string, string>> {
  const pairs = text.split('\n').map((line) => /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(line))
  return Object.fromEntries(pairs.flatMap((pair) => (pair ? [[pair[1], pair[2]]] : [])))
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
