import type { Incident, Plan, PlanStep } from '../contract/decision.ts'
import type { BandBreak, EnvironmentVerdict, FrameDetections, TrackUpdate } from '../contract/perception.ts'
import { fulfils } from '../contract/point-values.ts'
import { Emitter } from '../platform/emitter.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { type ClosingContext, stillHolds } from './closing.ts'
import type { DecideChange, DeciderOptions } from './decider-types.ts'
import { type DeviceChange, deviceSignal } from './device-evidence.ts'
import { DeviceScan } from './device-scan.ts'
import { EffectTracker } from './effect-tracker.ts'
import { BandWatch, bandSignal, type DemandRisk, DemandWatch, demandSignal } from './energy-evidence.ts'
import { FireWatch } from './fire-watch.ts'
import { heldBack, nextTry } from './held-back.ts'
import { IncidentBook } from './incident-book.ts'
import { advanceIncident, advancePlan, isPlanOver, type PlanProgressNews, withStages } from './life.ts'
import { MissedSignals } from './missed-signals.ts'
import { type Claim, claimsOf } from './optimiser.ts'
import { type ParkView, powerReading } from './park-view.ts'
import { PlanBook, planFromDraft, releaseDraft } from './plan-book.ts'
import { draftPlan } from './playbooks/draft-plan.ts'
import type { PlanDraft, PlaybookContext } from './playbooks/playbook.ts'
import type { Signal } from './signal.ts'
import { SilenceWatch } from './silence-watch.ts'
import { personSignal } from './video-evidence.ts'
import { ruleSignal } from './zone-events/rule-signal.ts'
import { ZoneEvents } from './zone-events/zone-events.ts'
import { ZoneWatch } from './zone-watch.ts'

export type { DecideChange }

const retryPlanMs = 30_000
const mostPlansPerIncident = 6
/** Alarms of low concern that returned close by themselves after this, acknowledged or not. */
const selfCloseMs = 600_000

/** From evidence to incidents and from incidents to plans. Pure but for its own books: time comes in with every call. */
export class Decider {
  readonly changes = new Emitter<DecideChange>()
  readonly #view: ParkView
  readonly #isController: () => boolean
  readonly #incidents: IncidentBook
  readonly #plans: PlanBook
  readonly #zones: ZoneWatch
  readonly #fires: FireWatch
  readonly #rules: ZoneEvents
  readonly #bands = new BandWatch()
  readonly #demand = new DemandWatch()
  readonly #scan: DeviceScan
  readonly #effects: EffectTracker
  readonly #silence = new SilenceWatch()
  readonly #missed = new MissedSignals()
  #wasController = false
  #demandRisk: DemandRisk | undefined

  constructor({ view, isController }: DeciderOptions) {
    this.#view = view
    this.#isController = isController
    this.#incidents = new IncidentBook(view.site)
    this.#plans = new PlanBook((id) => this.#incidents.get(id))
    this.#zones = new ZoneWatch(view.site)
    this.#fires = new FireWatch(view)
    this.#rules = new ZoneEvents(view)
    this.#scan = new DeviceScan(view)
    this.#effects = new EffectTracker(view)
  }

  incidents(): readonly Incident[] {
    return this.#incidents.list()
  }

  plans(): readonly Plan[] {
    return this.#plans.list()
  }

  observeTracks(update: TrackUpdate): void {
    for (const event of this.#zones.observe(update)) this.#offer(personSignal(this.#view.site, event))
    for (const event of this.#rules.observe(update)) this.#once(ruleSignal(event))
  }

  observeDetections(frame: FrameDetections): void {
    for (const signal of this.#fires.observeFrame(frame)) this.#offer(signal)
  }

  observeEnvironment(verdict: EnvironmentVerdict): void {
    for (const signal of this.#fires.observeAir(verdict)) this.#offer(signal)
  }

  /** Also what ends a break: the message with `returnedAtMs`. */
  observeBandBreak(bandBreak: BandBreak): void {
    this.#bands.observe(bandBreak, this.#view.nowMs())
    if (bandBreak.returnedAtMs === undefined) this.#offer(bandSignal(bandBreak))
  }

  /** Changes of watched points are found at every tick as well; handing one in is only faster. */
  observeDeviceChange(change: DeviceChange): void {
    const noted = this.#scan.note(change, this.#view.nowMs())
    if (noted) this.#deviceChanged(noted)
  }

  /** A few times a second. */
  tick(nowMs: number): void {
    for (const change of this.#scan.changes(nowMs)) this.#deviceChanged(change)
    this.#demandRisk = this.#demand.observe(this.#view, this.#scan.devices, nowMs)
    const controls = this.#isController()
    this.#missed.tick(nowMs)
    if (controls && !this.#wasController)
      // As it was then: at many times the wall's pace belief in it has faded by now.
      for (const signal of this.#missed.take(this.#incidents.list())) this.#offer(signal, signal.evidence.atMs)
    this.#wasController = controls
    if (!controls) return
    for (const alarm of this.#scan.alarms(nowMs)) this.#deviceChanged(alarm)
    this.#offer(this.#demandSignal(nowMs))
    for (const signal of this.#scan.lost(nowMs)) this.#offer(signal)
    for (const incident of this.#incidents.open()) this.#review(incident, nowMs)
    this.#measure(nowMs)
  }

  /** The site's clock jumped: what was seen before says nothing of now. */
  timeJumped(): void {
    this.#zones.clear()
    this.#fires.clear()
    this.#rules.clear()
    this.#demand.clear()
    this.#missed.clear()
    this.#bands.clear()
    this.#incidents.forgetPending()
  }

  approve(planId: string, by: string, nowMs = this.#view.nowMs()): Result<Plan, string> {
    const plan = this.#plans.get(planId)
    if (!plan) return err('unknownPlan')
    if (plan.state !== 'proposed') return err(`plan is ${plan.state}`)
    const approved = advancePlan(plan, 'approved', nowMs, { decidedBy: by.slice(0, 500), decidedAtMs: nowMs })
    this.#tellPlan(approved)
    this.#seenByPerson(plan.incidentId, nowMs)
    return ok(approved)
  }

  reject(planId: string, by: string, why: string, nowMs = this.#view.nowMs()): Result<Plan, string> {
    const plan = this.#plans.get(planId)
    if (!plan) return err('unknownPlan')
    if (plan.state !== 'proposed') return err(`plan is ${plan.state}`)
    const decidedBy = (why === '' ? by : `${by}: ${why}`).slice(0, 500)
    const rejected = advancePlan(plan, 'rejected', nowMs, { decidedBy, decidedAtMs: nowMs })
    this.#tellPlan(rejected)
    this.#seenByPerson(plan.incidentId, nowMs)
    return ok(rejected)
  }

  acknowledge(incidentId: string, nowMs = this.#view.nowMs()): Result<Incident, string> {
    const incident = this.#incidents.get(incidentId)
    if (!incident) return err('unknownIncident')
    if (incident.state !== 'active' && incident.state !== 'returnedToNormal')
      return err(`incident is ${incident.state}`)
    this.#seenByPerson(incidentId, nowMs)
    return ok(this.#incidents.get(incidentId) ?? incident)
  }

  /** What `act` reports of a plan under way. */
  applyProgress(news: PlanProgressNews): void {
    const plan = this.#plans.get(news.planId)
    if (!plan || (plan.state !== 'approved' && plan.state !== 'executing')) return
    const steps = [...news.steps]
    if (plan.state === 'executing' && news.state === 'executing') {
      // Told even where no step changed: others see that somebody is at it.
      this.#tellPlan({ ...plan, steps, updatedAtMs: news.atMs, revision: plan.revision + 1 })
    } else {
      const failure = news.failure ? { failure: news.failure } : {}
      this.#tellPlan(advancePlan(plan, news.state, news.atMs, { steps, ...failure }))
    }
    this.#stampStages(plan.incidentId, news)
  }

  mergeIncident(incident: Incident): void {
    if (!this.#incidents.merge(incident)) return
    this.changes.emit({ type: 'incident', incident, origin: 'elsewhere' })
    const other = this.#isController() ? this.#incidents.twinOf(incident) : undefined
    if (other) this.#fold(isOlder(incident, other) ? other : incident)
  }

  /** Two consoles opened one each while neither knew of the other: the older stays. */
  #fold(younger: Incident): void {
    const nowMs = this.#view.nowMs()
    const plan = this.#plans.get(younger.planId)
    if (plan?.state === 'approved' || plan?.state === 'executing') return
    if (plan?.state === 'proposed') this.#tellPlan(advancePlan(plan, 'withdrawn', nowMs))
    const normal = younger.state === 'active' ? advanceIncident(younger, 'returnedToNormal', nowMs) : younger
    this.#tellIncident(advanceIncident(normal, 'closed', nowMs))
  }

  mergePlan(plan: Plan): void {
    if (!this.#plans.merge(plan)) return
    if (isPlanOver(plan.state)) this.#silence.forget(plan.id)
    this.changes.emit({ type: 'plan', plan, origin: 'elsewhere' })
  }

  #deviceChanged(change: DeviceChange): void {
    const device = this.#scan.device(change.device)
    this.#once(device && deviceSignal(this.#view.site, device, change))
  }

  /** What may come once only: while nobody controls, it waits for whoever does so next. */
  #once(signal: Signal | undefined): void {
    if (signal && !this.#isController()) this.#missed.add(signal)
    this.#offer(signal)
  }

  #demandSignal(nowMs: number): Signal | undefined {
    return this.#demandRisk && demandSignal(this.#view.site, this.#demandRisk, nowMs)
  }

  /** `asOfMs`: when it would have been weighed, had somebody listened. */
  #offer(signal: Signal | undefined, asOfMs = this.#view.nowMs()): void {
    if (!signal) return
    this.changes.emit({ type: 'evidence', signal })
    if (!this.#isController()) return
    const nowMs = this.#view.nowMs()
    const offered = this.#incidents.offer(signal, nowMs, asOfMs)
    if (offered.outcome === 'pending') return
    if (offered.outcome === 'opened') this.#propose(offered.incident, this.#draft(offered.incident, nowMs), nowMs)
    else if (offered.worthTelling) this.changes.emit({ type: 'incident', incident: offered.incident, origin: 'here' })
    if (offered.outcome === 'joined' && offered.isNew) this.#revise(offered.incident, nowMs)
  }

  /** A new kind of evidence or a meter closer to the cause: what is proposed and not yet decided is thought over. */
  #revise(incident: Incident, nowMs: number): void {
    const plan = this.#plans.get(incident.planId)
    const draft = plan?.state === 'proposed' && plan.playbook !== 'release' ? this.#draft(incident, nowMs) : undefined
    if (!plan || !draft || (draft.steps.length === 0 && plan.steps.length > 0)) return
    const fresh = planFromDraft(draft, incident, 0, this.#claimsAgainst(incident), nowMs).plan
    this.#tellPlan({ ...fresh, id: plan.id, proposedAtMs: plan.proposedAtMs, revision: plan.revision + 1 })
  }

  #claimsAgainst(incident: Incident): Claim[] {
    return claimsOf(this.#plans.list(), (id) => this.#incidents.get(id)).filter(
      (claim) => this.#plans.get(claim.planId)?.incidentId !== incident.id,
    )
  }

  #draft(incident: Incident, nowMs: number): PlanDraft | undefined {
    this.#scan.refresh()
    const bandBreak = this.#bands.deepest(this.#view.site, incident.subject, nowMs)
    const context: PlaybookContext = {
      view: this.#view,
      devices: this.#scan.devices,
      incident,
      nowMs,
      bandBreak,
      demandRisk: this.#demandRisk,
      held: new Set(this.#heldBack(incident).map(({ device }) => device)),
    }
    return draftPlan(context)
  }

  /** Puts a plan to people, or starts it where the site's policy lets it run by itself. */
  #propose(incident: Incident, draft: PlanDraft | undefined, nowMs: number): void {
    if (!draft) return this.#tellIncident(incident)
    const serial = this.#plans.nextSerial(incident.id)
    const { plan, weighed } = planFromDraft(draft, incident, serial, this.#claimsAgainst(incident), nowMs)
    const stages = { ...incident.stages, decidedAtMs: incident.stages.decidedAtMs ?? nowMs }
    this.#tellIncident({ ...incident, stages, planId: plan.id })
    this.#tellPlan(plan)
    for (const claim of weighed.overrides) this.#takeBack(claim.planId, plan, nowMs)
    const { automatic } = this.#view.site.policies
    if (!automatic.includes(plan.playbook)) return
    this.#tellPlan(advancePlan(plan, 'approved', nowMs, { decidedBy: 'policy', decidedAtMs: nowMs }))
  }

  /** A plan still waiting for its approval loses the steps that one of higher score needs otherwise. */
  #takeBack(planId: string, winner: Plan, nowMs: number): void {
    const plan = this.#plans.get(planId)
    if (plan?.state !== 'proposed') return
    const taken = (step: Plan['steps'][number]) =>
      winner.steps.some((other) => other.device === step.device && other.point === step.point)
    const steps = plan.steps.filter((step) => !taken(step))
    this.#tellPlan({ ...plan, steps, updatedAtMs: nowMs, revision: plan.revision + 1 })
  }

  #review(incident: Incident, nowMs: number): void {
    const plan = this.#settlePlan(this.#plans.get(incident.planId), nowMs)
    const holds = stillHolds(incident, this.#closingContext(), nowMs)
    if (holds) return this.#reviewHolding(incident, plan, nowMs)
    const isNeedless = plan?.state === 'proposed' && isOfLowConcern(incident) && plan.playbook !== 'release'
    const settled = plan && isNeedless ? this.#tellPlan(advancePlan(plan, 'withdrawn', nowMs)) : plan
    if (incident.kind === 'peakDemand' && this.#giveBack(incident, settled, nowMs)) return
    if (incident.state === 'active') this.#tellIncident(advanceIncident(incident, 'returnedToNormal', nowMs))
    else if (incident.state === 'acknowledged') this.#close(incident, nowMs)
    else if (isOfLowConcern(incident) && nowMs - incident.updatedAtMs >= selfCloseMs) this.#close(incident, nowMs)
  }

  /** Proposals run out with what they counted on; a plan under way that nobody speaks of any more was abandoned. */
  #settlePlan(plan: Plan | undefined, nowMs: number): Plan | undefined {
    if (plan?.state === 'proposed' && nowMs > (plan.expected.horizonMs ?? Number.POSITIVE_INFINITY))
      return this.#tellPlan(advancePlan(plan, 'expired', nowMs))
    if (plan?.state !== 'approved' && plan?.state !== 'executing') return plan
    if (!this.#silence.isAbandoned(plan)) return plan
    return this.#tellPlan(advancePlan(plan, 'failed', nowMs, { failure: { step: 0, why: 'abandoned' } }))
  }

  /** True where there is still something to give back: proposed just now, or again later. */
  #giveBack(incident: Incident, plan: Plan | undefined, nowMs: number): boolean {
    if (plan && !isPlanOver(plan.state)) return false
    const isRefused = plan?.playbook === 'release' && plan.state === 'rejected'
    const held = isRefused ? [] : this.#heldBack(incident)
    const plans = this.#plans.for(incident.id)
    const next = held.length > 0 ? nextTry(plans, nowMs) : 'never'
    const title = plans.findLast(({ playbook }) => playbook === 'peakDemand')?.title ?? ''
    if (next === 'now') this.#propose(revised(incident, nowMs), releaseDraft(title, held), nowMs)
    return next !== 'never'
  }

  /** What plans of this incident hold back by what devices report now. */
  #heldBack({ id, kind }: Incident): PlanStep[] {
    if (kind !== 'peakDemand') return []
    return heldBack(this.#plans.for(id), ({ device, point, previous }) => {
      const descriptor = this.#scan.device(device)?.birth.points.find((candidate) => candidate.id === point)
      const sample = this.#view.value(device, point)
      if (!descriptor || !sample || sample.quality === 'bad' || sample.atMs <= 0) return false
      return previous !== undefined && fulfils(descriptor, previous, sample.value)
    })
  }

  /** The peak is back while what was cut is being given back: what nobody has decided gives way to a new plan. */
  #reviewRelease(incident: Incident, release: Plan, nowMs: number): void {
    const isBack = incident.state === 'returnedToNormal'
    const current = isBack ? advanceIncident(incident, 'active', nowMs) : incident
    const isUndecided = release.state === 'proposed'
    if (this.#demandSignal(nowMs) && (isUndecided || isPlanOver(release.state))) {
      if (isUndecided) this.#tellPlan(advancePlan(release, 'withdrawn', nowMs))
      const next = isBack ? current : revised(current, nowMs)
      this.#propose(next, this.#draft(next, nowMs), nowMs)
    } else if (isBack) this.#tellIncident(current)
  }

  #reviewHolding(incident: Incident, plan: Plan | undefined, nowMs: number): void {
    if (plan?.playbook === 'release') return this.#reviewRelease(incident, plan, nowMs)
    if (incident.state === 'returnedToNormal') {
      const again = advanceIncident(incident, 'active', nowMs)
      if (plan && !isPlanOver(plan.state)) return this.#tellIncident(again)
      return this.#propose(again, this.#draft(again, nowMs), nowMs)
    }
    const isOver = plan?.state === 'failed' || plan?.state === 'expired'
    if (!isOver || nowMs - plan.updatedAtMs < retryPlanMs) return
    if (this.#plans.for(incident.id).length >= mostPlansPerIncident) return
    // Part of a failed plan may have been enough.
    if (incident.kind === 'peakDemand' && !this.#demandSignal(nowMs)) return
    const draft = this.#draft(incident, nowMs)
    if (draft && draft.steps.length > 0) this.#propose(revised(incident, nowMs), draft, nowMs)
  }

  /** Only when nothing is under way for it any more; a proposal nobody needs is withdrawn. */
  #close(incident: Incident, nowMs: number): void {
    const plan = this.#plans.get(incident.planId)
    if (plan?.state === 'approved' || plan?.state === 'executing') return
    if (plan?.state === 'proposed') {
      if (plan.playbook === 'release') return
      this.#tellPlan(advancePlan(plan, 'withdrawn', nowMs))
    }
    this.#tellIncident(advanceIncident(incident, 'closed', nowMs))
  }

  #seenByPerson(incidentId: string, nowMs: number): void {
    const incident = this.#incidents.get(incidentId)
    if (incident?.state === 'active' || incident?.state === 'returnedToNormal')
      this.#tellIncident(advanceIncident(incident, 'acknowledged', nowMs))
  }

  #stampStages(incidentId: string, news: PlanProgressNews): void {
    const incident = this.#incidents.get(incidentId)
    const stamped = incident && withStages(incident, news)
    if (stamped) this.#tellIncident(stamped)
  }

  #measure(nowMs: number): void {
    const readingOf = (meter: string) => {
      const device = this.#scan.device(meter)
      return device && powerReading(this.#view, device)
    }
    for (const plan of this.#effects.beat(nowMs, readingOf, this.#plans.list())) this.#tellPlan(plan)
  }

  #closingContext(): ClosingContext {
    return {
      view: this.#view,
      devices: this.#scan.devices,
      zones: this.#zones,
      fires: this.#fires,
      bands: this.#bands,
      rules: this.#rules,
      isHeldBack: (incident) =>
        this.#plans.get(incident.planId)?.playbook !== 'release' && this.#heldBack(incident).length > 0,
    }
  }

  #tellIncident(incident: Incident): void {
    this.#incidents.put(incident)
    this.changes.emit({ type: 'incident', incident, origin: 'here' })
  }

  #tellPlan(plan: Plan): Plan {
    if (isPlanOver(plan.state)) this.#silence.forget(plan.id)
    this.#plans.put(plan)
    this.changes.emit({ type: 'plan', plan, origin: 'here' })
    return plan
  }
}

function revised(incident: Incident, nowMs: number): Incident {
  return { ...incident, updatedAtMs: nowMs, revision: incident.revision + 1 }
}

function isOlder(a: Incident, b: Incident): boolean {
  return a.openedAtMs !== b.openedAtMs ? a.openedAtMs < b.openedAtMs : a.id < b.id
}

function isOfLowConcern({ kind }: Incident): boolean {
  return kind !== 'intrusion' && kind !== 'fire'
}

export function createDecider(options: DeciderOptions): Decider {
  return new Decider(options)
}
