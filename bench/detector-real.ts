/** How the shipped detector fares outside of what it was made for: against a public model's speed, and on real video. */
import { spawn } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as ort from 'onnxruntime-web/wasm'
import type { Detection } from '../src/contract/perception.ts'
import type { Picture } from '../src/infer/detector-input.ts'
import { systemClock } from '../src/platform/clock.ts'
import type { ScoredFrame, Truth } from './detector-scores.ts'
import { quantile } from './model-card.ts'
import { Refusal } from './refusal.ts'

const rounds = 40

/**
 * Bare `session.run` of both models by turns on one WASM thread. The least times are compared: on shared cores they say
 * what a model costs, where the middle ones say who else was busy.
 */
export async function speedBeside(ours: string, theirs: string): Promise<Record<string, number>> {
  ort.env.wasm.numThreads = 1
  const runs = await Promise.all([ours, theirs].map(opened))
  for (let k = 0; k < rounds; k++) {
    for (const run of runs) {
      const startedMs = systemClock.monotonicMs()
      await run.once()
      if (k > 4) run.ms.push(systemClock.monotonicMs() - startedMs)
    }
  }
  const [mine, other] = runs.map(({ ms }) => ({ least: Math.min(...ms), middle: quantile(ms, 0.5) }))
  if (!mine || !other) return {}
  return {
    'speed.ms': mine.least,
    'speed.otherMs': other.least,
    'speed.ratio': other.least / mine.least,
    'speed.middleRatio': other.middle / mine.middle,
  }
}

async function opened(path: string) {
  const session = await ort.InferenceSession.create(await readFile(path), { graphOptimizationLevel: 'all' })
  const [input] = session.inputMetadata
  if (!input?.isTensor) throw new Refusal(`${path} takes no tensor`)
  const dims = input.shape.map((size) => (typeof size === 'number' ? size : 1))
  const data = Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => (i * 7919) % 256)
  const tensor = new ort.Tensor('float32', data, dims)
  return { ms: [] as number[], once: () => session.run({ [input.name]: tensor }) }
}

/** A MOTChallenge folder with an mp4: people by the published boxes, found by `detect` in each frame. */
export async function videoFrames(
  folder: string,
  detect: (picture: Picture) => Promise<Detection[]>,
): Promise<ScoredFrame[]> {
  const info = await readFile(join(folder, 'seqinfo.ini'), 'utf8')
  const field = (name: string) => Number(new RegExp(`^${name}=(\\d+)`, 'm').exec(info)?.[1])
  const [width, height] = [field('imWidth'), field('imHeight')]
  const movie = (await readdir(folder)).find((name) => name.endsWith('.mp4'))
  if (movie === undefined || !(width > 0 && height > 0))
    throw new Refusal(`${folder}: no mp4 or no size in seqinfo.ini`)
  const truth = await readTruth(join(folder, 'gt', 'gt.txt'))
  const frames: ScoredFrame[] = []
  for await (const rgba of decoded(join(folder, movie), width, height)) {
    const found = await detect({ width, height, rgba })
    frames.push({
      truth: truth.get(frames.length + 1) ?? [],
      found: found.map(({ className, score, box }) => ({ className, score, ...box })),
    })
  }
  return frames
}

/** Rows of `frame,id,left,top,width,height,counts,…`; what does not count is ignored. */
async function readTruth(path: string): Promise<Map<number, Truth[]>> {
  const byFrame = new Map<number, Truth[]>()
  for (const line of (await readFile(path, 'utf8')).split('\n')) {
    const [frame, , x, y, width, height, counts] = line.split(',').map(Number)
    if (frame === undefined || !(width && height) || x === undefined || y === undefined) continue
    const box: Truth = { className: 'person', x, y, width, height, ignore: counts === 0 }
    byFrame.set(frame, [...(byFrame.get(frame) ?? []), box])
  }
  return byFrame
}

async function* decoded(path: string, width: number, height: number): AsyncGenerator<ArrayBuffer> {
  const args = ['-v', 'error', '-i', path, '-vsync', '0', '-f', 'rawvideo', '-pix_fmt', 'rgba', 'pipe:1']
  const ffmpeg = spawn('ffmpeg', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const bytes = width * height * 4
  let held = Buffer.alloc(0)
  for await (const chunk of ffmpeg.stdout as AsyncIterable<Buffer>) {
    held = Buffer.concat([held, chunk])
    for (; held.length >= bytes; held = held.subarray(bytes)) yield Uint8Array.from(held.subarray(0, bytes)).buffer
  }
}
