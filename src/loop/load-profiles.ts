import type { PointDescriptor, ProfileMessage } from '../contract/messages.ts'
import { kwPerUnit } from '../contract/point-meaning.ts'
import { forecastShape } from '../infer/forecaster-input.ts'
import { err, ok, type Result } from '../platform/result.ts'
import type { Twin } from '../twin/twin.ts'

const { intervalMs: quarterMs } = forecastShape
/** Wall time by which the clock's extrapolation may lag behind the meters. */
const earlyMs = 1000
/** As many values as a profile on the wire may have. */
const mostValues = 4096
/** A quarter of an hour is known where half of it is. */
const leastCovered = 0.5

/** Meters' load profiles on their way to the twin and the models: whatever a meter keeps, they read quarter hours in kW. */
export class LoadProfiles {
  readonly #twin: Twin
  readonly #tell: (meterId: string, profile: ProfileMessage) => void
  readonly #early = new Map<string, ProfileMessage>()
  /** By meter: what did not fit its birth. Another birth may mend it, and the broker does not tell it again. */
  readonly #refused = new Map<string, ProfileMessage>()

  constructor(twin: Twin, tell: (meterId: string, profile: ProfileMessage) => void) {
    this.#twin = twin
    this.#tell = tell
  }

  heard(meterId: string, told: ProfileMessage): void {
    const device = this.#twin.device(meterId)
    if (!device) return
    const outcome = quarterHours(told, device.birth.points)
    if (!outcome.ok) {
      const detail = `${meterId}: ${outcome.error}`
      this.#twin.faults.set(faultKey(meterId), { severity: 'warning', code: 'loop.profileRefused', detail })
      this.#refused.set(meterId, told)
      return
    }
    if (this.#refused.delete(meterId)) this.#twin.faults.clear(faultKey(meterId))
    this.#twin.apply({ type: 'profile', device: meterId, profile: outcome.value })
    this.#offer(meterId, outcome.value)
  }

  born(meterId: string): void {
    const told = this.#refused.get(meterId)
    if (told) this.heard(meterId, told)
  }

  gone(meterId: string): void {
    this.#early.delete(meterId)
    if (this.#refused.delete(meterId)) this.#twin.faults.clear(faultKey(meterId))
  }

  /** The site's clock has spoken. */
  release(): void {
    for (const [meterId, profile] of this.#early) this.#tell(meterId, profile)
    this.#early.clear()
  }

  /**
   * MQTT keeps the order of messages within a topic only: after a jump a meter may speak of a time that the clock has not
   * told yet. What would be judged by the old time waits for the clock's next word.
   */
  #offer(meterId: string, profile: ProfileMessage): void {
    const { siteClock } = this.#twin
    const endMs = profile.startMs + profile.values.length * profile.intervalMs
    const isEarly = siteClock.simulated && endMs > siteClock.nowMs() + earlyMs * Math.max(1, siteClock.speed)
    if (isEarly) this.#early.set(meterId, profile)
    else this.#tell(meterId, profile)
  }
}

const faultKey = (meterId: string) => `loop:profile:${meterId}`

/** The profile as means of quarter hours in kW; why not, where its point does not measure power. */
export function quarterHours(
  profile: ProfileMessage,
  points: readonly PointDescriptor[],
): Result<ProfileMessage, string> {
  const point = points.find(({ id }) => id === profile.point)
  if (!point) return err(`“${profile.point}” is not a point of its birth`)
  if (point.kind !== 'power') return err(`“${point.id}” measures ${point.kind}, not power`)
  const factor = kwPerUnit.get(point.unit)
  if (factor === undefined) return err(`“${point.id}” is in “${point.unit}”, not in W, kW or MW`)
  if (factor === 1 && profile.intervalMs === quarterMs) return ok(profile)
  return ok(resampled(profile, factor))
}

/** Finer intervals are averaged, coarser ones held; the newest so many. Energy is kept where all is known. */
function resampled({ point, startMs, intervalMs, values }: ProfileMessage, factor: number): ProfileMessage {
  const isQuarterly = intervalMs === quarterMs
  const endMs = startMs + values.length * intervalMs
  const wholeMs = isQuarterly ? startMs : Math.ceil(startMs / quarterMs) * quarterMs
  const count = Math.max(0, Math.floor((endMs - wholeMs) / quarterMs))
  const firstMs = wholeMs + Math.max(0, count - mostValues) * quarterMs
  const means = Array.from({ length: Math.min(count, mostValues) }, (_, i) => {
    const fromMs = firstMs + i * quarterMs
    const toMs = fromMs + quarterMs
    let sum = 0
    let coveredMs = 0
    for (let at = Math.floor((fromMs - startMs) / intervalMs); startMs + at * intervalMs < toMs; at++) {
      const value = values[at] ?? undefined
      if (value === undefined) continue
      const atMs = startMs + at * intervalMs
      const sharedMs = Math.min(toMs, atMs + intervalMs) - Math.max(fromMs, atMs)
      sum += value * sharedMs
      coveredMs += sharedMs
    }
    return coveredMs < leastCovered * quarterMs ? null : (sum / coveredMs) * factor
  })
  return { point, intervalMs: quarterMs, startMs: firstMs, values: means }
}
