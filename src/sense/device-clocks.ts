import type { ClockMessage } from '../contract/messages.ts'
import type { Clock } from '../platform/clock.ts'
import type { FaultReport } from '../platform/faults.ts'
import { SiteClock } from '../site/site-clock.ts'

/** How far a stamp may lie from the site's time on arrival: wall time, so that a fast park has more of its own. */
const aheadSlackMs = 60_000
const behindSlackMs = 120_000
/** Wall time that a stamp ahead must stand uncorrected: readings may overtake the word of a jump of the site's clock. */
const aheadForMs = 5000
/** Behind is whoever stays behind so long and often: what was kept while a device had no connection catches up. */
const behindForMs = 60_000
const behindReports = 3
const forgetMs = 15 * 60_000
const mostDevices = 1000
const mostNamed = 5

interface Skew {
  /** Stamp less site time on arrival. */
  readonly skewMs: number
  /** Monotonic times of the first and newest such report in a row. */
  readonly sinceMs: number
  readonly lastMs: number
  readonly reports: number
}

/** Compares the stamps of live reports with the site's time on arrival, and names devices whose clocks are wrong. */
export class DeviceClocks {
  readonly #clock: Clock
  readonly #siteClock: SiteClock
  readonly #wrong = new Map<string, Skew>()

  constructor(clock: Clock) {
    this.#clock = clock
    this.#siteClock = new SiteClock(clock)
  }

  /** The site's clock: with its first word, and with every jump, stamps compare with another time. */
  told(message: ClockMessage): void {
    const isFirst = !this.#siteClock.simulated
    if (this.#siteClock.apply(message) || isFirst) this.#wrong.clear()
  }

  gone(device: string): void {
    this.#wrong.delete(device)
  }

  /** A live report, not one that the broker kept. */
  heard(device: string, statedMs: number): void {
    const speed = Math.max(1, this.#siteClock.speed)
    const skewMs = statedMs - this.#siteClock.nowMs()
    const before = this.#wrong.get(device)
    if (skewMs <= aheadSlackMs * speed && skewMs >= -behindSlackMs * speed) {
      if (before) this.#wrong.delete(device)
      return
    }
    if (!before && this.#wrong.size >= mostDevices) return
    const nowMs = this.#clock.monotonicMs()
    const catchesUp = before !== undefined && skewMs < 0 && skewMs - before.skewMs > (behindSlackMs * speed) / 4
    const goesOn = before !== undefined && before.skewMs < 0 === skewMs < 0 && !catchesUp
    this.#wrong.set(device, {
      skewMs,
      sinceMs: goesOn ? before.sinceMs : nowMs,
      lastMs: nowMs,
      reports: goesOn ? before.reports + 1 : 1,
    })
  }

  /** Which devices are wrong now, by how much and which way; undefined where none is. Called about once a second. */
  report(): FaultReport | undefined {
    const nowMs = this.#clock.monotonicMs()
    const named: string[] = []
    let count = 0
    for (const [device, skew] of this.#wrong) {
      if (nowMs - skew.lastMs > forgetMs) this.#wrong.delete(device)
      else if (isSure(skew, nowMs) && ++count <= mostNamed)
        named.push(`${device}: ${span(Math.abs(skew.skewMs))} ${skew.skewMs > 0 ? 'ahead' : 'behind'}`)
    }
    if (count === 0) return undefined
    const more = count > mostNamed ? `; ${count - mostNamed} more` : ''
    return { severity: 'warning', code: 'sense.clockSkew', detail: `${named.join('; ')}${more}` }
  }
}

function isSure({ skewMs, sinceMs, lastMs, reports }: Skew, nowMs: number): boolean {
  return skewMs > 0 ? nowMs - sinceMs >= aheadForMs : reports >= behindReports && lastMs - sinceMs >= behindForMs
}

const spans = [
  ['years', 2 * 365.25 * 86_400_000, 365.25 * 86_400_000],
  ['days', 2 * 86_400_000, 86_400_000],
  ['h', 2 * 3_600_000, 3_600_000],
] as const

/** Coarse, so that a steady skew reads the same all the time. */
function span(ms: number): string {
  const [unit, , size] = spans.find(([, fromMs]) => ms >= fromMs) ?? (['min', 0, 60_000] as const)
  return `${Math.round(ms / size)} ${unit}`
}
