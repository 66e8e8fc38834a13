/**
 * How tall things look where they stand. On flat ground, seen by a camera without roll, height in the picture grows
 * linearly with the feet's distance below the horizon (Hoiem, Efros & Hebert 2008). The line is learned from what
 * walks through the picture; posters, reflections and upper bodies then stand out as too tall or too short.
 */
import type { BoxInImage } from '../contract/perception.ts'

interface Sample {
  readonly footY: number
  readonly heightPx: number
}

/** height = offset + slope × foot, in pixels. */
interface Line {
  readonly offset: number
  readonly slope: number
}

export interface PictureScale {
  readonly samples: readonly Sample[]
  readonly line: Line | undefined
  readonly samplesSinceFit: number
}

export const unknownScale: PictureScale = { samples: [], line: undefined, samplesSinceFit: 0 }

const sampleLimit = 200
const fewestSamples = 25
const samplesPerFit = 5
/** σ of the logarithm of a height: people differ, and so do boxes around them. */
const heightSigmaLog = 0.15
/** Least mean agreement (1: all on the line) for the line to be believed. */
const leastAgreement = 0.5
/** A new line must explain this much more than the one in use. */
const betterBy = 1.02
/** No steeper and no flatter line is a camera that looks at a ground. */
const slopes = { least: 0.02, most: 5 }
const leastHeightPx = 4
/** Evidence of a height that fits, and of one that does not, in logits. */
const most = 0.5
const least = -2

export function learnScale(scale: PictureScale, boxes: readonly BoxInImage[]): PictureScale {
  if (boxes.length === 0) return scale
  const fresh = boxes.map((box) => ({ footY: box.y + box.height, heightPx: box.height }))
  const samples = [...scale.samples, ...fresh].slice(-sampleLimit)
  const samplesSinceFit = scale.samplesSinceFit + boxes.length
  const due = samples.length >= fewestSamples && (!scale.line || samplesSinceFit >= samplesPerFit)
  if (!due) return { samples, line: scale.line, samplesSinceFit }
  return { samples, line: fitLine(samples, scale.line), samplesSinceFit: 0 }
}

/** For (up to ½) or against (down to −2) a box of this height standing where it does; 0 while nothing is known. */
export function scaleEvidence({ line }: PictureScale, box: BoxInImage): number {
  if (!line) return 0
  const expected = Math.max(leastHeightPx, heightAt(line, box.y + box.height))
  const stray = Math.log(box.height / expected) / heightSigmaLog
  return Math.max(least, most - 0.5 * stray * stray)
}

const heightAt = (line: Line, footY: number): number => line.offset + line.slope * footY

function agreement(line: Line, sample: Sample): number {
  const height = heightAt(line, sample.footY)
  return height < leastHeightPx ? 0 : Math.exp(-0.5 * (Math.log(sample.heightPx / height) / heightSigmaLog) ** 2)
}

const totalAgreement = (line: Line, samples: readonly Sample[]): number =>
  samples.reduce((sum, sample) => sum + agreement(line, sample), 0)

/** Consensus among lines through pairs of samples, then least squares over those that agree. */
function fitLine(samples: readonly Sample[], inUse: Line | undefined): Line | undefined {
  let best = inUse
  let bestTotal = inUse ? totalAgreement(inUse, samples) * betterBy : 0
  for (const line of candidateLines(samples)) {
    const total = totalAgreement(line, samples)
    if (total <= bestTotal) continue
    best = line
    bestTotal = total
  }
  if (!best) return undefined
  const refined = refine(refine(refine(best, samples), samples), samples)
  return totalAgreement(refined, samples) >= leastAgreement * samples.length ? refined : undefined
}

/** A fixed choice of some 160 pairs, so that the same samples always give the same line. */
function* candidateLines(samples: readonly Sample[]): Generator<Line> {
  const stride = 1 + Math.floor(samples.length / 40)
  for (let i = 0; i < samples.length; i += stride)
    for (const apart of [7, 17, 41, 71]) {
      const a = samples[i] as Sample
      const b = samples[(i + apart) % samples.length] as Sample
      const footStep = b.footY - a.footY
      if (Math.abs(footStep) < 0.15 * Math.max(a.heightPx, b.heightPx)) continue
      const slope = (b.heightPx - a.heightPx) / footStep
      if (slope >= slopes.least && slope <= slopes.most) yield { slope, offset: a.heightPx - slope * a.footY }
    }
}

/** Least squares of relative errors, each sample weighed by how well it agreed so far. */
function refine(line: Line, samples: readonly Sample[]): Line {
  let [w, wy, wyy, wh, why] = [0, 0, 0, 0, 0]
  for (const sample of samples) {
    const height = Math.max(leastHeightPx, heightAt(line, sample.footY))
    const weight = agreement(line, sample) / (height * height)
    w += weight
    wy += weight * sample.footY
    wyy += weight * sample.footY * sample.footY
    wh += weight * sample.heightPx
    why += weight * sample.heightPx * sample.footY
  }
  const spread = w * wyy - wy * wy
  if (!(spread > 1e-9 * w * wyy)) return line
  const slope = (w * why - wy * wh) / spread
  return { slope, offset: (wh - slope * wy) / w }
}
