/** The deciding and acting half of the loop, for one site as long as it is announced. */
import { type Actor, createActor } from '../act/actor.ts'
import type { Role } from '../act/check-intent.ts'
import {
  heardController,
  holdsLease,
  type Lease,
  type LeaseStep,
  newLease,
  releaseLease,
  tickLease,
} from '../act/controller-lease.ts'
import { createPlanRunner, type PlanRunner } from '../act/plan-runner.ts'
import type { PublishError } from '../contract/bus.ts'
import type { CommandRecord, Incident, Intent, Plan } from '../contract/decision.ts'
import { encodeJson } from '../contract/decode.ts'
import type { IntentOutcome, IntentPort } from '../contract/intent-port.ts'
import type { ScenarioMessage, ScenarioName, StateMessage } from '../contract/messages.ts'
import type { EnvironmentVerdict, Forecast } from '../contract/perception.ts'
import { type SiteTopics, siteTopics } from '../contract/topics.ts'
import { createDecider, type DecideChange, type Decider } from '../decide/decider.ts'
import { isPlanOver } from '../decide/life.ts'
import type { InferenceEvent } from '../infer/inference.ts'
import type { Clock } from '../platform/clock.ts'
import { Disposables } from '../platform/disposables.ts'
import type { Result } from '../platform/result.ts'
import type { ParkBus, ParkEvent } from '../site/park-bus.ts'
import type { SiteFile } from '../site/schema.ts'
import { whyNoStory } from '../site/story-needs.ts'
import type { Twin } from '../twin/twin.ts'
import { CurrentTracks } from './current-tracks.ts'
import { deviceViewOf, reportedValue } from './device-view.ts'
import { Retention } from './retention.ts'
import { type SharedLife, sharedLife } from './shared-life.ts'

export interface SiteLoopOptions {
  readonly clock: Clock
  readonly bus: ParkBus
  readonly twin: Twin
  readonly site: SiteFile
  readonly consoleId: string
  readonly personName: string
  readonly role: () => Role
  readonly newId: () => string
  /** What was known when the site file changed; the broker does not tell it again. */
  readonly known?: { readonly incidents: readonly Incident[]; readonly plans: readonly Plan[] }
}

/** Wall time to listen after a reconnect: what others kept meanwhile comes first. */
const listenMs = 1000
/** Longer than a browser ever holds back the timers of a tab that is not frozen. */
const sleptMs = 5 * 60_000
/** Wall time before what the broker did not confirm is told again on a living link: from, to; and how many at once. */
const retryMs = 5000
const longestRetryMs = 60_000
const mostPerRetry = 20
const notShared = 'loop:notShared'

export class SiteLoop implements IntentPort {
  readonly #o: SiteLoopOptions
  readonly #open = new Disposables()
  readonly #topics: SiteTopics
  readonly #shared: SharedLife
  readonly #retention: Retention
  readonly #decider: Decider
  readonly #actor: Actor
  readonly #runner: PlanRunner
  readonly #tracks: CurrentTracks
  readonly #forecasts = new Map<string, Forecast>()
  readonly #environment = new Map<string, EnvironmentVerdict>()
  #site: SiteFile
  #lease: Lease
  #wasController = false
  /** Wall clock, which goes on while a tab or its machine sleeps. */
  #tickedAtMs = Number.POSITIVE_INFINITY
  /** Set while everything open is to be told again: since when (monotonic) the link is back, or this console awake or in control. */
  #tellAgainSinceMs: number | undefined
  /** When (monotonic) to look after what was not shared, and how long to wait the next time. */
  #retryAtMs: number | undefined
  #retryMs = retryMs

  constructor(options: SiteLoopOptions) {
    this.#o = options
    const { clock, bus, twin } = options
    this.#site = options.site
    this.#topics = siteTopics(this.siteId)
    this.#tracks = new CurrentTracks(clock)
    this.#lease = newLease(options.consoleId, clock.monotonicMs())
    const publish: ParkBus['publish'] = (request) => bus.publish(request)
    const site = () => this.#site
    const siteNow = () => twin.siteClock.nowMs()
    this.#shared = sharedLife(publish, this.#topics, (error) => this.#notShared(error))
    this.#retention = new Retention({
      topics: this.#topics,
      takeBack: (topic, id) => this.#shared.takeBack(topic, id),
    })
    this.#decider = createDecider({
      isController: () => this.isController,
      view: {
        get site() {
          return site()
        },
        nowMs: siteNow,
        value: (device, point) => reportedValue(twin, device, point),
        devices: () => twin.devices.values(),
        forecast: (meter) => this.#forecasts.get(meter),
        commanded: (device, point) => this.#actor.commanded(device, point),
      },
    })
    const view = deviceViewOf({ twin, site, tracks: () => this.#tracks.list(), fireZones: () => this.#fireZones() })
    this.#actor = createActor({
      clock,
      siteNow,
      speed: () => twin.siteClock.speed,
      publish,
      topics: this.#topics,
      view,
      role: options.role,
      newId: options.newId,
      audit: (line) => this.#shared.audit(line),
    })
    this.#runner = createPlanRunner({ actor: this.#actor, clock, siteNow, view })
    this.#open.add(this.#decider.changes.subscribe((change) => this.#onDecision(change)))
    this.#open.add(this.#actor.changes.subscribe(() => twin.project({ commands: this.#actor.commands() })))
    this.#open.add(this.#runner.progress.subscribe((progress) => this.#decider.applyProgress(progress)))
    this.#open.add(this.#actor)
    this.#open.add(this.#runner)
    for (const incident of options.known?.incidents ?? []) this.#heardIncident(incident)
    for (const plan of options.known?.plans ?? []) this.#heardPlan(plan)
  }

  /** Whether this console runs automation now. */
  get isController(): boolean {
    return holdsLease(this.#lease, this.#leaseTime())
  }

  get siteId(): string {
    return this.#site.id
  }

  get utcOffsetMinutes(): number {
    return this.#site.geo.utcOffsetMinutes
  }

  commands(): readonly CommandRecord[] {
    return this.#actor.commands()
  }

  plans(): readonly Plan[] {
    return this.#decider.plans()
  }

  incidents(): readonly Incident[] {
    return this.#decider.incidents()
  }

  onBus(event: ParkEvent): void {
    switch (event.type) {
      case 'link':
        this.#tellAgainSinceMs = event.link.phase === 'online' ? this.#o.clock.monotonicMs() : undefined
        return
      case 'state':
        return this.#heardState(event.device, event.state)
      case 'deviceGone':
        if (this.#forecasts.delete(event.device)) this.#o.twin.project({ forecasts: new Map(this.#forecasts) })
        return
      case 'ack':
        return this.#actor.onAck(event.device, event.ack)
      case 'incident':
        return this.#heardIncident(event.incident)
      case 'plan':
        return this.#heardPlan(event.plan)
      case 'controller':
        return this.#stepLease(heardController(this.#lease, event.controller, this.#leaseTime()))
      default:
    }
  }

  onInference(event: InferenceEvent): void {
    switch (event.type) {
      case 'frame':
        this.#decider.observeDetections(event.detections)
        this.#decider.observeTracks(this.#tracks.update(event.tracks))
        return
      case 'forecast':
        this.#forecasts.set(event.forecast.meterId, event.forecast)
        return this.#o.twin.project({ forecasts: new Map(this.#forecasts) })
      case 'bandBreak':
        return this.#decider.observeBandBreak(event.bandBreak)
      case 'environment':
        this.#environment.set(event.verdict.zoneId, event.verdict)
        this.#o.twin.project({ environment: new Map(this.#environment) })
        return this.#decider.observeEnvironment(event.verdict)
      default:
    }
  }

  /** The same site with cameras elsewhere: what is decided from here on is decided by their new poses. */
  believe(site: SiteFile): void {
    this.#site = site
  }

  /** A few times a second. */
  tick(): void {
    const wallMs = this.#o.clock.nowMs()
    if (wallMs - this.#tickedAtMs > sleptMs) this.#tellAgainSinceMs = this.#o.clock.monotonicMs()
    this.#tickedAtMs = wallMs
    if (this.#isOnline) {
      // Back again, or awake again: what others claimed meanwhile comes first.
      if (this.#tellAgainSinceMs === undefined) this.#stepLease(tickLease(this.#lease, this.#leaseTime()))
      this.#tellAgain()
      this.#retry()
      if (this.isController) this.#sweep()
    }
    this.#decider.tick(this.#o.twin.siteClock.nowMs())
    this.#o.twin.project({ tracks: this.#tracks.list(), sightings: this.#tracks.inPictures() })
  }

  timeJumped(): void {
    this.#tracks.clear()
    this.#forecasts.clear()
    this.#environment.clear()
    this.#decider.timeJumped()
    this.#o.twin.project({ forecasts: new Map(), environment: new Map() })
  }

  approvePlan(planId: string): IntentOutcome {
    const why = this.#whyNot()
    if (why) return refused(why)
    const outcome = this.#decider.approve(planId, this.#o.personName)
    if (outcome.ok) this.#auditDecision('plan.approved', planId, outcome.value.playbook)
    return outcomeOf(outcome)
  }

  rejectPlan(planId: string, reason: string): IntentOutcome {
    const why = this.#whyNot()
    if (why) return refused(why)
    const outcome = this.#decider.reject(planId, this.#o.personName, reason)
    if (outcome.ok) this.#auditDecision('plan.rejected', planId, reason)
    return outcomeOf(outcome)
  }

  command(intent: Omit<Intent, 'issuedBy'>): IntentOutcome {
    const record = this.#actor.submit({ ...intent, issuedBy: this.#o.personName })
    return record.state === 'refused' ? refused(record.why ?? 'refused') : { accepted: true, command: record }
  }

  rollback(commandId: string): IntentOutcome {
    const outcome = this.#actor.rollback(commandId, this.#o.personName)
    return outcome.ok ? { accepted: true, command: outcome.value } : refused(outcome.error)
  }

  acknowledgeIncident(incidentId: string): IntentOutcome {
    const why = this.#whyNot()
    if (why) return refused(why)
    const outcome = this.#decider.acknowledge(incidentId)
    if (outcome.ok) this.#auditDecision('incident.acknowledged', incidentId, outcome.value.kind)
    return outcomeOf(outcome)
  }

  /** A picture is about to leave the tab. */
  recordExport(cameraId: string, detail: string): IntentOutcome {
    const why = this.#whyNot()
    if (why) return refused(why)
    this.#auditDecision('camera.exported', cameraId, detail)
    return { accepted: true }
  }

  scenario(scenario: ScenarioName, action: 'start' | 'stop'): IntentOutcome {
    if (!this.#o.twin.siteClock.simulated) return refused('notSimulated')
    if (whyNoStory(this.#site, scenario) !== undefined) return refused('storyUnfit')
    const message: ScenarioMessage = { id: `story-${this.#o.newId()}`, action, scenario }
    if (!this.#isOnline) return refused('linkDown')
    void this.#o.bus.publish({ topic: this.#topics.scenario, payload: encodeJson(message), qos: 1, retain: false })
    return { accepted: true }
  }

  dispose(): void {
    this.#stepLease(releaseLease(this.#lease, this.#leaseTime()))
    this.#open.dispose()
  }

  get #isOnline(): boolean {
    return this.#o.bus.link.phase === 'online'
  }

  /** A decision that others cannot hear of would be taken twice; it waits for the link. */
  #whyNot(): 'role' | 'linkDown' | undefined {
    if (this.#o.role() === 'viewer') return 'role'
    return this.#isOnline ? undefined : 'linkDown'
  }

  /**
   * After a reconnect, and on taking over: a broker that restarted may have forgotten what it kept. The controller tells
   * all that is open; everybody tells what they could not share. Others take over only what is newer.
   */
  #tellAgain(): void {
    const controls = this.isController
    const nowMs = this.#o.clock.monotonicMs()
    if (controls && !this.#wasController) this.#tellAgainSinceMs ??= nowMs
    this.#wasController = controls
    if (this.#tellAgainSinceMs === undefined || nowMs - this.#tellAgainSinceMs < listenMs) return
    this.#tellAgainSinceMs = undefined
    this.#retryAtMs = undefined
    const { untold } = this.#shared
    for (const incident of this.#decider.incidents())
      if ((controls && incident.state !== 'closed') || untold.has(incident.id)) this.#shared.incident(incident)
    for (const plan of this.#decider.plans())
      if ((controls && !isPlanOver(plan.state)) || untold.has(plan.id)) this.#shared.plan(plan)
    this.#o.twin.faults.clear(notShared)
  }

  /**
   * A living link may lose a confirmation too. What is shared is told again until it is confirmed, longest waiting first;
   * the fault ends once nothing waits: a lease is renewed and lines of the audit are not sent late.
   */
  #retry(): void {
    const nowMs = this.#o.clock.monotonicMs()
    if (this.#tellAgainSinceMs !== undefined || this.#retryAtMs === undefined || nowMs < this.#retryAtMs) return
    const again = [...this.#shared.untold].slice(0, mostPerRetry)
    if (again.length === 0) {
      this.#retryAtMs = undefined
      this.#retryMs = retryMs
      return this.#o.twin.faults.clear(notShared)
    }
    this.#retryAtMs = nowMs + this.#retryMs
    this.#retryMs = Math.min(longestRetryMs, this.#retryMs * 2)
    for (const id of again) {
      const incident = this.#decider.incidents().find((one) => one.id === id)
      const plan = this.#decider.plans().find((one) => one.id === id)
      if (incident) this.#shared.incident(incident)
      else if (plan) this.#shared.plan(plan)
      else this.#shared.forget(id)
    }
  }

  /** A report does not come from the future, whatever the device's clock says. */
  #heardState(device: string, state: StateMessage): void {
    this.#actor.onState(device, { ...state, at: Math.min(state.at, this.#o.twin.siteClock.nowMs()) })
  }

  /** Where the book knows better, an old word that came back counts as what it has become since. */
  #heardIncident(incident: Incident): void {
    this.#decider.mergeIncident(incident)
    this.#retention.noteIncident(this.#decider.incidents().find(({ id }) => id === incident.id) ?? incident)
  }

  #heardPlan(plan: Plan): void {
    this.#decider.mergePlan(plan)
    this.#retention.notePlan(this.#decider.plans().find(({ id }) => id === plan.id) ?? plan)
  }

  #sweep(): void {
    const isNeeded = (planId: string, incidentId: string) =>
      this.#decider.plans().some(({ id }) => id === planId) &&
      this.#decider.incidents().some(({ id, state }) => id === incidentId && state !== 'closed')
    this.#retention.sweep(this.#o.twin.siteClock.nowMs(), this.#o.clock.monotonicMs(), isNeeded)
  }

  #onDecision(change: DecideChange): void {
    const { twin } = this.#o
    switch (change.type) {
      case 'incident':
        if (change.origin === 'here') {
          this.#shared.incident(change.incident)
          this.#retention.noteIncident(change.incident)
          this.#auditIncident(change.incident)
        }
        return twin.project({ incidents: this.#decider.incidents() })
      case 'plan':
        if (change.origin === 'here') {
          this.#shared.plan(change.plan)
          this.#retention.notePlan(change.plan)
          if (change.plan.state === 'approved') this.#approved(change.plan)
        } else if (isPlanOver(change.plan.state)) this.#runner.stop(change.plan.id)
        return twin.project({ plans: this.#decider.plans() })
      case 'evidence':
        return
    }
  }

  #approved(plan: Plan): void {
    // a person's approval has its line already
    if (plan.decidedBy === 'policy') this.#auditDecision('plan.approved', plan.id, plan.playbook, 'policy')
    this.#runner.run(plan)
  }

  #auditIncident({ id, kind, state, revision, priority, confidence }: Incident): void {
    if (state !== 'closed' && revision > 1) return
    const action = state === 'closed' ? 'incident.closed' : 'incident.opened'
    this.#auditDecision(action, id, `${kind}; ${priority}; confidence ${confidence.toFixed(2)}`, 'automation')
  }

  #auditDecision(action: string, subject: string, detail: string, actor = this.#o.personName): void {
    this.#shared.audit({ at: this.#o.twin.siteClock.nowMs(), actor, action, subject, detail: detail.slice(0, 1000) })
  }

  #stepLease({ lease, publish }: LeaseStep): void {
    this.#lease = lease
    if (!publish) return
    this.#shared.controller(publish)
    this.#o.twin.project({ controller: publish })
  }

  #leaseTime() {
    const { twin, clock } = this.#o
    return { siteNowMs: twin.siteClock.nowMs(), speed: twin.siteClock.speed, monotonicMs: clock.monotonicMs() }
  }

  *#fireZones(): Iterable<string> {
    for (const { kind, state, zone } of this.#decider.incidents())
      if (kind === 'fire' && state !== 'closed' && zone !== undefined) yield zone
  }

  /** What was not shared stays true here; the fault says that others do not know it yet. */
  #notShared(error: PublishError): void {
    this.#o.twin.faults.set(notShared, { severity: 'warning', code: 'loop.notShared', detail: error.message })
    this.#retryAtMs ??= this.#o.clock.monotonicMs() + this.#retryMs
  }
}

const refused = (why: string): IntentOutcome => ({ accepted: false, why })

function outcomeOf(outcome: Result<unknown, string>): IntentOutcome {
  return outcome.ok ? { accepted: true } : refused(outcome.error)
}
