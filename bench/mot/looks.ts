/** What a detector found in each frame of a sequence: from a file, or by running a model on the pictures. */
import { spawn } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Detection } from '../../src/contract/perception.ts'
import { Detector } from '../../src/infer/detector.ts'
import { ortBackends } from '../../src/infer/ort-backend.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { openDetectorModel } from '../coco/open-detector.ts'
import { byFrame, exists, type MotSequence, readMotRows } from './sequence.ts'

export interface Looks {
  /** Detections of people per frame. */
  readonly frames: readonly (readonly Detection[])[]
  /** From here on a detection is rather right than wrong. */
  readonly sureScore: number
  readonly msPerFrame?: number
}

/** MOTChallenge's detection files carry no manifest; this suits the softmax scores of two-stage detectors. */
const fileSureScore = 0.92

export async function looksFromFile(
  sequence: MotSequence,
  file = join(sequence.folder, 'det', 'det.txt'),
  sureScore = fileSureScore,
): Promise<Looks> {
  const rows = await readMotRows(file)
  const probability = asProbability(rows.map(({ score }) => score))
  const frames = byFrame(rows, sequence.frameCount).map((frame) =>
    frame.map(({ score, box }) => ({ classId: 0, className: 'person', score: probability(score), box })),
  )
  return { frames, sureScore }
}

/** Scores that are no probabilities (margins of an SVM, say) count by their rank in the file: 0.5 the worst, 1 the best. */
function asProbability(scores: readonly number[]): (score: number) => number {
  if (scores.every((score) => score >= 0 && score <= 1)) return (score) => score
  const sorted = [...scores].sort((a, b) => a - b)
  const rank = new Map(sorted.map((score, index) => [score, index / sorted.length]))
  return (score) => 0.5 + (rank.get(score) ?? 0) / 2
}

/** Runs the app's own detector, on WASM, over the pictures in `img1/` or over the sequence's mp4. */
export async function looksFromModel(sequence: MotSequence, folder: string): Promise<Looks> {
  const { model } = await openDetectorModel(folder)
  const detector = await Detector.open(model, {
    clock: systemClock,
    backends: ortBackends(),
    preference: 'wasm',
  })
  if (!detector.ok) throw new Error(`${folder}: ${detector.error.message}`)
  const { manifest } = detector.value
  if (!manifest.classes.includes('person')) throw new Error(`${folder} does not know persons`)
  const frames: Detection[][] = []
  let busyMs = 0
  for await (const rgba of decodedFrames(sequence)) {
    const beforeMs = systemClock.monotonicMs()
    const found = await detector.value.detect({ width: sequence.widthPx, height: sequence.heightPx, rgba })
    busyMs += systemClock.monotonicMs() - beforeMs
    frames.push(found.filter(({ className }) => className === 'person'))
    if (frames.length % 50 === 0) process.stderr.write(`${sequence.name}: ${frames.length} of ${sequence.frameCount}\n`)
    if (frames.length === sequence.frameCount) break
  }
  await detector.value.dispose()
  if (frames.length < sequence.frameCount)
    throw new Error(`${sequence.name}: ${frames.length} pictures, but seqinfo.ini promises ${sequence.frameCount}`)
  return { frames, sureScore: manifest.output.sureScore, msPerFrame: busyMs / frames.length }
}

/** RGBA pictures of the sequence's size, in order, through ffmpeg. */
async function* decodedFrames(sequence: MotSequence): AsyncGenerator<ArrayBuffer> {
  const { widthPx, heightPx } = sequence
  const input = await pictureInput(sequence)
  const size = `scale=${widthPx}:${heightPx}`
  const args = ['-v', 'error', ...input, '-vf', size, '-f', 'rawvideo', '-pix_fmt', 'rgba', '-']
  const decoder = spawn('ffmpeg', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve, reject) => {
    decoder.on('error', (error) => reject(new Error(`ffmpeg: ${error.message}`)))
    decoder.on('close', resolve)
  })
  // Whoever stops reading early never asks how it ended.
  ended.catch(() => {})
  const frame = new Uint8Array(widthPx * heightPx * 4)
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
        yield frame.slice().buffer
      }
    }
    const code = await ended
    if (code !== 0) throw new Error(`${sequence.name}: ffmpeg ended with ${code}`)
  } finally {
    decoder.kill()
  }
}

async function pictureInput(sequence: MotSequence): Promise<string[]> {
  if (await exists(sequence.imageFolder))
    return ['-start_number', '1', '-i', join(sequence.imageFolder, `%06d${sequence.imageExtension}`)]
  const film = (await readdir(sequence.folder)).find((name) => name.endsWith('.mp4'))
  if (film === undefined) throw new Error(`${sequence.folder}: neither ${sequence.imageFolder} nor an mp4`)
  return ['-i', join(sequence.folder, film), '-fps_mode', 'passthrough']
}
