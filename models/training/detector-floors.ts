/**
 * Least scores for a new detector: `tsx models/training/detector-floors.ts --model DIR --like DIR [--from SEED]`. For each
 * class, and for `sureScore`, the score from which the new model says as much wrong as the one before at its own, on
 * development seeds: what follows (tracks, events, plans) was settled with that much. Prints JSON for `model.json`.
 */
import { parseArgs } from 'node:util'
import { countsAt, type ScoredFrame } from '../../bench/detector-scores.ts'
import { judgeAll, openDetector } from '../../bench/eval-detector.ts'
import { type LabelledFrame, loadSiteCameras, parkFrames, siteFrames } from './detector-frames.ts'

const { values: flags } = parseArgs({
  options: {
    model: { type: 'string', default: 'models/training/.data/next' },
    like: { type: 'string', default: 'models/detector' },
    site: { type: 'string', default: 'public/sites/campus.site.json' },
    from: { type: 'string', default: '880000' },
    parks: { type: 'string', default: '24' },
    moments: { type: 'string', default: '32' },
  },
})

const asBuilt = { asBuilt: true, density: 1 }

function* pictures(): Generator<LabelledFrame> {
  const from = Number(flags.from)
  const park = loadSiteCameras(flags.site)
  for (let i = 0; i < Number(flags.parks); i++) yield* parkFrames(from + i, asBuilt)
  for (let i = 0; i < Number(flags.moments); i++) yield* siteFrames(park, from + 50_000 + i, asBuilt)
}

type Opened = Awaited<ReturnType<typeof openDetector>>

async function judged(model: Opened): Promise<ScoredFrame[]> {
  const frames: ScoredFrame[] = []
  await judgeAll(model, pictures(), frames, { ms: 0, frames: 0 })
  return frames
}

/** Least score, in hundredths, from which no more is wrong. */
function scoreOf(frames: readonly ScoredFrame[], className: string, mostWrong: number): number {
  for (let hundredths = 2; hundredths < 100; hundredths++) {
    if (countsAt(frames, className, hundredths / 100).wrong <= mostWrong) return hundredths / 100
  }
  return 1
}

const [before, after] = [await openDetector(flags.like), await openDetector(flags.model)]
const [seenBefore, seenAfter] = [await judged(before), await judged(after)]

function settled(className: string, floor: number): number {
  const was = countsAt(seenBefore, className, floor)
  const score = scoreOf(seenAfter, className, was.wrong)
  const is = countsAt(seenAfter, className, score)
  const shares = [was.recall, was.precision, is.recall, is.precision].map((share) => share.toFixed(3))
  process.stderr.write(
    `${className} ${floor} → ${score}: recall, precision ${shares.join(' ')}; wrong ${was.wrong} → ${is.wrong}\n`,
  )
  return score
}

const classFloors = Object.fromEntries(before.classes.map((name) => [name, settled(name, before.floorOf(name))]))
const sureScore = settled('person', before.sureScore)
process.stdout.write(`${JSON.stringify({ sureScore, classFloors })}\n`)
await Promise.all([before.detector.dispose(), after.detector.dispose()])
