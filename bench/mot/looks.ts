/** What a detector found in each frame of a sequence: from a file, or by running a model on the pictures. */
import type { Detection } from '../../src/contract/perception.ts'
import { Detector } from '../../src/infer/detector.ts'
import type { DetectionManifest } from '../../src/infer/detector-manifest.ts'
import { ourClass } from '../../src/infer/detector-output.ts'
import { ortBackends } from '../../src/infer/ort-backend.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { openDetectorModel } from '../coco/open-detector.ts'
import { Refusal } from '../refusal.ts'
import { type Film, openFilm } from './film.ts'
import type { MotSequence } from './sequence.ts'

export interface Looks {
  /** Detections of people per frame. */
  readonly frames: readonly (readonly Detection[])[]
  /** From here on a detection is rather right than wrong. */
  readonly sureScore: number
  readonly framesPerS: number
  readonly msPerFrame?: number
  /** Frames that were looked at in vain, their picture being missing or broken. */
  readonly unseen?: number
}

/** Of MOTChallenge's sequences most, and of those that do not say. */
const usualFramesPerS = 25

export function looksFromFile({ detections, framesPerS }: MotSequence, askedSure?: number): Looks {
  if (!detections.ok) throw new Refusal(detections.error)
  const { probability, sureScore } = scaleOf(detections.value.flat().map(({ score }) => score))
  const frames = detections.value.map((frame) =>
    frame.map(({ score, box }) => ({ classId: 0, className: 'person', score: probability(score), box })),
  )
  return { frames, sureScore: askedSure ?? sureScore, framesPerS: framesPerS ?? usualFramesPerS }
}

/** Two of three detections are sure. Tried on five sequences whose scores were made per cent: 0.58 … 0.75 were worse. */
const sureRankScore = 0.66

interface ScoreScale {
  readonly probability: (score: number) => number
  readonly sureScore: number
}

/**
 * MOTChallenge's detection files carry no manifest: the scores themselves tell what kind of detector gave them. Softmax
 * of two stages is mostly near 1, one stage is sure from one half on. Others (margins of an SVM, per cent) count by their
 * rank in the file, 0.5 the worst and 1 the best.
 */
export function scaleOf(scores: readonly number[]): ScoreScale {
  const share = (least: number) => scores.filter((score) => score >= least).length / Math.max(1, scores.length)
  if (scores.every((score) => score >= 0 && score <= 1)) {
    const asItIs = (score: number) => score
    if (share(0.92) >= 0.25) return { probability: asItIs, sureScore: 0.92 }
    if (share(0.5) >= 0.05) return { probability: asItIs, sureScore: 0.5 }
  }
  const sorted = [...scores].sort((a, b) => a - b)
  const rank = new Map(sorted.map((score, index) => [score, (index + 1) / sorted.length]))
  return { probability: (score) => 0.5 + (rank.get(score) ?? 0) / 2, sureScore: sureRankScore }
}

/** Runs the app's own detector, on WASM, over the pictures in `img1/` or over the sequence's film. */
export async function looksFromModel(sequence: MotSequence, folder: string): Promise<Looks> {
  const film = await openFilm(sequence)
  const { model } = await openDetectorModel(folder)
  const detector = await Detector.open(model, {
    clock: systemClock,
    backends: ortBackends(),
    preference: 'wasm',
  })
  if (!detector.ok) throw new Refusal(`${folder}: ${detector.error.message}`)
  try {
    return await looksOf(detector.value, sequence, film, folder)
  } finally {
    await detector.value.dispose()
  }
}

async function looksOf(detector: Detector, sequence: MotSequence, film: Film, folder: string): Promise<Looks> {
  const { manifest } = detector
  if (!knowsPersons(manifest))
    throw new Refusal(
      `${folder} knows no “person” but ${manifest.classes.slice(0, 8).join(', ')}; map one in its classMap`,
    )
  const frames: Detection[][] = []
  let busyMs = 0
  let unseen = 0
  for await (const picture of film.frames()) {
    const beforeMs = systemClock.monotonicMs()
    const found = picture ? await detector.detect(picture) : []
    if (picture) busyMs += systemClock.monotonicMs() - beforeMs
    else unseen++
    frames.push(found.filter(({ className }) => className === 'person'))
    if (frames.length % 50 === 0) process.stderr.write(`${sequence.name}: ${frames.length} of ${sequence.frameCount}\n`)
  }
  if (unseen > 0)
    process.stderr.write(`${sequence.name}: ${unseen} of ${frames.length} frames have no picture that can be read\n`)
  return {
    frames,
    sureScore: manifest.output.sureScore,
    framesPerS: sequence.framesPerS ?? film.framesPerS ?? usualFramesPerS,
    msPerFrame: busyMs / Math.max(1, frames.length - unseen),
    unseen,
  }
}

function knowsPersons(manifest: DetectionManifest): boolean {
  return manifest.classes.some((name) => ourClass(name, manifest) === 'person')
}
