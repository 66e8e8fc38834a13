import type { BandBreak } from '../contract/perception.ts'
import type { SiteFile } from '../site/schema.ts'
import { countedBy, siteMeter } from './meters.ts'
import { type KnownDevice, type ParkView, powerReading } from './park-view.ts'
import { isHighPrice, medianAt } from './saving.ts'
import type { Signal } from './signal.ts'

/** Less than this above the band, kW, is not by itself worth an incident: a few small change an hour. */
const materialKw = 3

/** A band broken for several intervals is established already; how far outside says how sure. Below is a hint only. */
export function bandSignal({ meterId, direction, untilMs, ...band }: BandBreak): Signal {
  const widthKw = Math.max(band.highKw - band.lowKw, 0.05 * Math.abs(band.expectedKw), 0.5)
  const widths = Math.abs(band.actualKw - band.expectedKw) / widthKw
  const sure = Math.min(0.95, 0.55 + 0.1 * widths)
  // What is out of band but small is worth a line of evidence, not a person's time.
  const material = Math.min(1, (band.actualKw - band.highKw) / materialKw)
  const weight = direction === 'above' ? Math.max(0.1, sure * material) : 0.4
  return {
    kind: 'energyAnomaly',
    zones: [],
    evidence: {
      source: 'energy',
      kind: 'bandBroken',
      subject: meterId,
      atMs: untilMs,
      weight,
      values: {
        direction,
        actualKw: band.actualKw,
        expectedKw: band.expectedKw,
        lowKw: band.lowKw,
        highKw: band.highKw,
        excessKwh: band.excessKwh,
        sinceMs: band.sinceMs,
      },
    },
  }
}

/** Site time after which a break that no interval confirmed is unknown: its meter is silent or its clock was set back. */
const unconfirmedMs = 2 * 3_600_000

/** Meters that are out of their bands now. */
export class BandWatch {
  readonly #broken = new Map<string, { readonly band: BandBreak; readonly heardAtMs: number }>()
  readonly #returnedAtMs = new Map<string, number>()

  /** Heard at `nowMs`, by the site's time: the intervals are counted by the meter's clock. */
  observe(bandBreak: BandBreak, nowMs: number): void {
    const { meterId, returnedAtMs } = bandBreak
    if (returnedAtMs === undefined) {
      this.#broken.set(meterId, { band: bandBreak, heardAtMs: nowMs })
      this.#returnedAtMs.delete(meterId)
    } else {
      this.#broken.delete(meterId)
      this.#returnedAtMs.set(meterId, returnedAtMs)
    }
  }

  /** After a jump of the site's clock: what still is outside is told again with the next interval. */
  clear(): void {
    this.#broken.clear()
    this.#returnedAtMs.clear()
  }

  /** Whether the curve is known to have come back since it was last outside. */
  hasReturned(meter: string): boolean {
    return this.#returnedAtMs.has(meter)
  }

  isBroken(meter: string, nowMs: number): boolean {
    const known = this.#broken.get(meter)
    return known !== undefined && nowMs - known.heardAtMs < unconfirmedMs
  }

  /** The break at the deepest meter in line with `meter`: closest to the cause. */
  deepest(site: SiteFile, meter: string, nowMs: number): BandBreak | undefined {
    const below = countedBy(site, meter)
    const candidates = [...this.#broken.values()]
      .map(({ band }) => band)
      .filter(({ meterId }) => (meterId === meter || below.has(meterId)) && this.isBroken(meterId, nowMs))
    const depth = ({ meterId }: BandBreak) => countedBy(site, meterId).size
    return candidates.sort((a, b) => depth(a) - depth(b))[0]
  }
}

export interface DemandRisk {
  readonly meterId: string
  readonly nowKw: number
  /** The larger of now and what the forecast's median says of the next hour. */
  readonly projectedKw: number
  readonly limitKw: number
}

const aheadMs = 3_600_000
const smoothingMs = 60_000
/** Site time that a reading speaks of now: many meters report each quarter of an hour, some each half. */
const longestAgeMs = 2_100_000
/** Plans aim this share of the limit. */
export const demandTarget = 0.88

/** Demand at the grid connection against the agreed limit, smoothed over a minute. */
export class DemandWatch {
  #smoothKw: number | undefined
  #lastMs = 0
  #meterId: string | undefined
  #looks = 0

  /** Undefined where no limit is agreed, and while the meter is away or silent. */
  observe(view: ParkView, devices: readonly KnownDevice[], nowMs: number): DemandRisk | undefined {
    const limitKw = view.site.tariff.demandLimitKw
    if (!(limitKw > 0)) return undefined
    // The tree of meters changes with births only; looking it up at every beat would be waste in a large park.
    if (this.#meterId === undefined || this.#looks++ % 100 === 0) this.#meterId = siteMeter(view, devices)?.id
    const meter = devices.find(({ id }) => id === this.#meterId)
    const reading = meter && powerReading(view, meter)
    if (!reading || meter.online === false || nowMs - reading.atMs > longestAgeMs) return undefined
    const { kw } = reading
    const share = 1 - Math.exp(-Math.max(0, nowMs - this.#lastMs) / smoothingMs)
    const nowKw = this.#smoothKw === undefined ? kw : this.#smoothKw + (kw - this.#smoothKw) * share
    this.#smoothKw = nowKw
    this.#lastMs = nowMs
    const forecast = view.forecast(meter.id)
    let projectedKw = nowKw
    for (let atMs = nowMs; atMs <= nowMs + aheadMs; atMs += 900_000)
      if (isHighPrice(view.site, atMs)) projectedKw = Math.max(projectedKw, medianAt(forecast, atMs) ?? 0)
    return { meterId: meter.id, nowKw, projectedKw, limitKw }
  }

  clear(): void {
    this.#smoothKw = undefined
  }
}

/** Only while energy is dear: at other hours the limit alone does not call for action. */
export function demandSignal(site: SiteFile, risk: DemandRisk, nowMs: number): Signal | undefined {
  const ratio = risk.projectedKw / risk.limitKw
  if (!isHighPrice(site, nowMs) || ratio < demandTarget) return undefined
  // A forecast alone convinces a little less than the meter itself.
  const certainty = risk.nowKw >= risk.projectedKw ? 1 : 0.9
  const weight = certainty * Math.min(0.95, Math.max(0, (ratio - 0.8) / 0.22))
  const { nowKw, projectedKw, limitKw } = risk
  return {
    kind: 'peakDemand',
    zones: [],
    evidence: {
      source: 'energy',
      kind: 'demandRisk',
      subject: risk.meterId,
      atMs: nowMs,
      weight,
      values: { nowKw, projectedKw, limitKw },
    },
  }
}
