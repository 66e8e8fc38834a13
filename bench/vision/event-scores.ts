/** Events said against events true: greedy in time, one to one, per type. */
import { createRandom } from '../../src/platform/random.ts'
import { percentile } from '../statistics.ts'

interface Timed {
  readonly type: string
  readonly atS: number
}

export interface EventClip {
  readonly truth: readonly Timed[]
  readonly said: readonly Timed[]
  readonly neutral: readonly string[]
}

export interface EventCounts {
  readonly right: number
  readonly wrong: number
  readonly missed: number
}

/** An event may be said so long before or after it became true; fire and smoke must first be seen to last. */
const toleranceS = (type: string) =>
  type === 'fire' || type === 'smoke' ? { early: 1.5, late: 7 } : { early: 2, late: 4 }

export const toleranceNote = 'said 2 s before … 4 s after it became true; fire and smoke 1.5 s before … 7 s after'

export function countEvents(clip: EventClip, only?: string): EventCounts {
  const types = new Set([...clip.truth, ...clip.said].map(({ type }) => type))
  let [right, wrong, missed] = [0, 0, 0]
  for (const type of types) {
    if (only !== undefined && type !== only) continue
    const truth = clip.truth.filter((event) => event.type === type).sort((a, b) => a.atS - b.atS)
    const said = clip.said.filter((event) => event.type === type).sort((a, b) => a.atS - b.atS)
    const { early, late } = toleranceS(type)
    const taken = new Set<Timed>()
    let matched = 0
    for (const event of said) {
      const fit = truth.find((one) => !taken.has(one) && event.atS >= one.atS - early && event.atS <= one.atS + late)
      if (!fit) continue
      taken.add(fit)
      matched++
    }
    right += matched
    missed += truth.length - matched
    if (!clip.neutral.includes(type)) wrong += said.length - matched
  }
  return { right, wrong, missed }
}

/** 2 right / (2 right + wrong + missed); 1 where nothing was true and nothing was said. */
export function f1Of({ right, wrong, missed }: EventCounts): number {
  const all = 2 * right + wrong + missed
  return all === 0 ? 1 : (2 * right) / all
}

export function sumCounts(counts: readonly EventCounts[]): EventCounts {
  return counts.reduce(
    (a, b) => ({ right: a.right + b.right, wrong: a.wrong + b.wrong, missed: a.missed + b.missed }),
    { right: 0, wrong: 0, missed: 0 },
  )
}

/** The middle 95 % of F1 over clips drawn again with replacement (Efron 1979). */
export function bootstrapF1(counts: readonly EventCounts[], draws = 2000): readonly [low: number, high: number] {
  const random = createRandom(20260610)
  const values = Array.from({ length: draws }, () =>
    f1Of(sumCounts(counts.map(() => counts[random.integer(0, counts.length - 1)] as EventCounts))),
  )
  return [percentile(values, 2.5), percentile(values, 97.5)]
}
