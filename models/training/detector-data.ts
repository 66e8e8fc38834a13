/**
 * Writes labelled pictures for training: `tsx models/training/detector-data.ts --out DIR --from SEED --count PICTURES
 * [--site FILE] [--name PREFIX] [--fires TIMES]`. Each shard is planar RGB bytes (3 × 192 × 320 per picture) with a JSON of boxes
 * `[class, x, y, w, h, ignore]`. `--preview FILE` writes the first pictures with their boxes as a JPEG instead.
 */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import jpeg from 'jpeg-js'
import { detectorClasses } from '../../src/contract/perception.ts'
import { createRandom } from '../../src/platform/random.ts'
import type { LabelledBox } from '../../src/sim/camera/label-boxes.ts'
import { heldOutFrom, type LabelledFrame, loadSiteCameras, parkFrames, strayFrames } from './detector-frames.ts'
import { isIgnored } from './detector-labels.ts'

const { values: flags } = parseArgs({
  options: {
    out: { type: 'string', default: 'models/training/.data' },
    from: { type: 'string', default: '1' },
    count: { type: 'string', default: '1000' },
    name: { type: 'string', default: 'train' },
    site: { type: 'string', default: 'public/sites/campus.site.json' },
    'site-share': { type: 'string', default: '0.3' },
    fires: { type: 'string', default: '1' },
    preview: { type: 'string' },
  },
})

const shardSize = 400

const rowOf = (box: LabelledBox): number[] => [
  detectorClasses.indexOf(box.className),
  box.x,
  box.y,
  box.width,
  box.height,
  isIgnored(box) ? 1 : 0,
]

/** Mostly random parks, else made-up cameras on the site. Most pictures are fuller than life; a third is spoiled little. */
function* frames(from: number): Generator<LabelledFrame> {
  const park = loadSiteCameras(flags.site)
  const share = Number(flags['site-share'])
  for (let seed = from; seed < heldOutFrom; seed++) {
    const random = createRandom(seed).fork('turn')
    const how = {
      asBuilt: random.next() < 0.45,
      density: random.pick([1, 1.6, 2.4]),
      fires: Number(flags.fires),
      company: random.pick([0.25, 0.6]),
      endOn: 0.35,
    }
    if (random.next() < share) yield* strayFrames(park, seed, how)
    else yield* parkFrames(seed, how)
  }
}

function planar(frame: LabelledFrame, into: Uint8Array, offset: number): void {
  const pixels = frame.width * frame.height
  for (let p = 0; p < pixels; p++) {
    for (let c = 0; c < 3; c++) into[offset + c * pixels + p] = frame.rgba[p * 4 + c] as number
  }
}

function writeShards(): void {
  mkdirSync(flags.out, { recursive: true })
  const count = Number(flags.count)
  const bytes = 3 * 192 * 320
  let shard = Buffer.alloc(shardSize * bytes)
  let labels: number[][][] = []
  let written = 0
  let number = 0
  const flush = () => {
    if (labels.length === 0) return
    const stem = `${flags.out}/${flags.name}-${String(number++).padStart(3, '0')}`
    // What was hard in the pictures that stood here before is nothing to go by.
    rmSync(`${stem}.hard`, { force: true })
    writeFileSync(`${stem}.bin`, shard.subarray(0, labels.length * bytes))
    // A training run that goes on meanwhile sees the labels whole or not at all.
    writeFileSync(`${stem}.part`, JSON.stringify(labels))
    renameSync(`${stem}.part`, `${stem}.json`)
    labels = []
    shard = Buffer.alloc(shardSize * bytes)
  }
  for (const frame of frames(Number(flags.from))) {
    planar(frame, shard, labels.length * bytes)
    labels.push(frame.boxes.map(rowOf))
    if (labels.length === shardSize) flush()
    if (++written >= count) break
  }
  flush()
  process.stderr.write(`${written} pictures in ${flags.out}\n`)
}

function writePreview(path: string): void {
  const [columns, rows] = [6, 6]
  const [w, h] = [320, 192]
  const sheet = new Uint8Array(columns * w * rows * h * 4)
  let n = 0
  let k = 0
  for (const frame of frames(Number(flags.from))) {
    if (k++ % 4 !== 0) continue
    const [ox, oy] = [(n % columns) * w, Math.floor(n / columns) * h]
    for (let y = 0; y < h; y++)
      sheet.set(frame.rgba.subarray(y * w * 4, (y + 1) * w * 4), ((oy + y) * columns * w + ox) * 4)
    for (const box of frame.boxes) outline(sheet, columns * w, ox, oy, box)
    if (++n === columns * rows) break
  }
  writeFileSync(path, jpeg.encode({ data: sheet, width: columns * w, height: rows * h }, 88).data)
}

function outline(sheet: Uint8Array, stride: number, ox: number, oy: number, box: LabelledFrame['boxes'][number]): void {
  const color = isIgnored(box) ? [120, 120, 255] : box.className === 'person' ? [255, 40, 40] : [40, 255, 60]
  const dot = (x: number, y: number) => {
    if (x >= 0 && y >= 0 && x < 320 && y < 192)
      sheet.set(color, ((oy + Math.floor(y)) * stride + ox + Math.floor(x)) * 4)
  }
  for (let x = box.x; x < box.x + box.width; x++) for (const y of [box.y, box.y + box.height - 1]) dot(x, y)
  for (let y = box.y; y < box.y + box.height; y++) for (const x of [box.x, box.x + box.width - 1]) dot(x, y)
}

if (flags.preview) writePreview(flags.preview)
else writeShards()
