/** Open and past incidents, and the evidence that has not yet made one. */
import type { Evidence, Incident, IncidentKind } from '../contract/decision.ts'
import type { SiteFile } from '../site/schema.ts'
import { fusedConfidence, negligibleWeight, openingThreshold, priorityOf, weightNow, withEvidence } from './fusion.ts'
import { isNewer } from './life.ts'
import { areInLine } from './meters.ts'
import type { Signal } from './signal.ts'
import { belongTogether } from './zones.ts'

const capacity = 200
const mostPending = 500

export type Offered =
  | { readonly outcome: 'pending' }
  | {
      readonly outcome: 'opened' | 'joined'
      readonly incident: Incident
      readonly worthTelling: boolean
      /** The first word of this kind about this subject. */
      readonly isNew: boolean
    }

export class IncidentBook {
  readonly #site: SiteFile
  readonly #incidents = new Map<string, Incident>()
  readonly #pending = new Map<string, Evidence[]>()

  constructor(site: SiteFile) {
    this.#site = site
  }

  list(): readonly Incident[] {
    return [...this.#incidents.values()]
  }

  open(): Incident[] {
    return this.list().filter((incident) => incident.state !== 'closed')
  }

  get(id: string): Incident | undefined {
    return this.#incidents.get(id)
  }

  put(incident: Incident): void {
    this.#incidents.set(incident.id, incident)
    if (this.#incidents.size <= capacity) return
    const oldest = this.list().find((other) => other.state === 'closed') ?? this.list()[0]
    if (oldest) this.#incidents.delete(oldest.id)
  }

  /** Takes over another console's version if it is newer; returns whether it was. */
  merge(incident: Incident): boolean {
    const known = this.#incidents.get(incident.id)
    // Evidence grows between tellings: the echo of our own word is older there, and not news.
    if (known && !isNewer({ ...incident, evidence: [] }, { ...known, evidence: [] })) return false
    this.put(incident)
    return true
  }

  /** Another open incident about the same thing, opened by a console that did not know of this one. */
  twinOf(incident: Incident): Incident | undefined {
    const zones = incident.zone === undefined ? [] : [incident.zone]
    const [evidence] = incident.evidence
    if (incident.state === 'closed' || !evidence) return undefined
    return this.open().find(
      (other) => other.id !== incident.id && this.#isAbout(other, { ...incident, zones, evidence }),
    )
  }

  /**
   * Joins an open incident about the same thing, or gathers until there is enough to open one. Evidence is weighed as of
   * `asOfMs`.
   */
  offer(signal: Signal, nowMs: number, asOfMs = nowMs): Offered {
    const known = this.open().find((incident) => this.#isAbout(incident, signal))
    return known ? this.#join(known, signal.evidence, nowMs) : this.#gather(signal, nowMs, asOfMs)
  }

  forgetPending(): void {
    this.#pending.clear()
  }

  #isAbout(incident: Incident, { kind, zones, evidence }: Signal): boolean {
    if (incident.kind !== kind) return false
    const { zone } = incident
    if (zone !== undefined && zones.length > 0) return zones.some((other) => belongTogether(this.#site, zone, other))
    if (kind === 'energyAnomaly') return areInLine(this.#site, incident.subject, evidence.subject)
    return incident.subject === evidence.subject
  }

  #join(known: Incident, item: Evidence, nowMs: number): Offered {
    const { evidence, isNew } = withEvidence(known.evidence, item, nowMs)
    // Belief in what has happened does not fade while the incident is open; that it is over is for the closing rules.
    const confidence = Math.max(known.confidence, fusedConfidence(evidence, nowMs))
    const priority = priorityOf(known.kind, confidence)
    const worthTelling = isNew || priority !== known.priority || confidence - known.confidence >= 0.05
    // Small growth is told once it has added up, so that what is kept stays what was told, except for the evidence.
    const incident = worthTelling
      ? { ...known, evidence, confidence, priority, updatedAtMs: nowMs, revision: known.revision + 1 }
      : { ...known, evidence }
    this.put(incident)
    return { outcome: 'joined', incident, worthTelling, isNew }
  }

  #gather(signal: Signal, nowMs: number, asOfMs: number): Offered {
    const zones = signal.zones.length > 0 ? signal.zones : [undefined]
    let best: { key: string; zone: string | undefined; evidence: Evidence[]; confidence: number } | undefined
    for (const zone of zones) {
      const key = `${signal.kind}:${zone ?? signal.evidence.subject}`
      const fresh = (this.#pending.get(key) ?? []).filter((item) => weightNow(item, asOfMs) >= negligibleWeight)
      const { evidence } = withEvidence(fresh, signal.evidence, asOfMs)
      this.#remember(key, evidence)
      const confidence = fusedConfidence([...evidence, ...this.#around(signal.kind, zone, key)], asOfMs)
      if (!best || confidence > best.confidence) best = { key, zone, evidence, confidence }
    }
    if (!best || best.confidence < openingThreshold[signal.kind]) return { outcome: 'pending' }
    const around = this.#around(signal.kind, best.zone, best.key)
    const opened = newIncident(signal, best.zone, [...best.evidence, ...around], best.confidence, nowMs)
    const incident = { ...opened, id: this.#freeId(opened) }
    for (const key of [...this.#pending.keys()])
      if (this.#isNear(signal.kind, best.zone, key)) this.#pending.delete(key)
    this.put(incident)
    return { outcome: 'opened', incident, worthTelling: true, isNew: true }
  }

  /** Long ids may begin alike, and of several at one moment each is an incident of its own. */
  #freeId({ kind, zone, subject, openedAtMs }: Omit<Incident, 'id'>): string {
    for (let serial = Math.floor(openedAtMs); ; serial++) {
      const id = `${shortName[kind]}-${(zone ?? subject).slice(0, 34)}-${serial.toString(36)}`
      if (!this.#incidents.has(id)) return id
    }
  }

  /** Evidence waiting in zones a few steps away speaks of the same event. */
  #around(kind: IncidentKind, zone: string | undefined, except: string): Evidence[] {
    if (zone === undefined) return []
    return [...this.#pending].flatMap(([key, evidence]) =>
      key !== except && this.#isNear(kind, zone, key) ? evidence : [],
    )
  }

  #isNear(kind: IncidentKind, zone: string | undefined, key: string): boolean {
    const [otherKind, other] = key.split(':')
    return otherKind === kind && other !== undefined && zone !== undefined && belongTogether(this.#site, zone, other)
  }

  #remember(key: string, evidence: Evidence[]): void {
    this.#pending.delete(key)
    this.#pending.set(key, evidence)
    const oldest = this.#pending.size > mostPending ? this.#pending.keys().next().value : undefined
    if (oldest !== undefined) this.#pending.delete(oldest)
  }
}

const shortName: Readonly<Record<IncidentKind, string>> = {
  intrusion: 'intrusion',
  fire: 'fire',
  energyAnomaly: 'energy',
  peakDemand: 'peak',
  deviceLost: 'lost',
  loitering: 'loiter',
  lineCrossed: 'line',
  crowding: 'crowd',
  wrongWay: 'way',
  wrongParking: 'parked',
  leftObject: 'left',
  unmanned: 'post',
}

function newIncident(
  { kind, evidence: last }: Signal,
  zone: string | undefined,
  evidence: readonly Evidence[],
  confidence: number,
  nowMs: number,
): Omit<Incident, 'id'> {
  const unique = evidence.filter(
    (item, i) => evidence.findIndex((o) => o.kind === item.kind && o.subject === item.subject) === i,
  )
  const firstSeen = unique.map((item) =>
    typeof item.values.firstAtMs === 'number' ? item.values.firstAtMs : item.atMs,
  )
  return {
    kind,
    priority: priorityOf(kind, confidence),
    state: 'active',
    ...(zone === undefined ? {} : { zone }),
    subject: last.subject,
    openedAtMs: nowMs,
    updatedAtMs: nowMs,
    confidence,
    evidence: unique.slice(0, 64),
    stages: { sensedAtMs: Math.min(...firstSeen, nowMs), inferredAtMs: nowMs },
    revision: 1,
  }
}
