import { createStore, type StoreApi } from 'zustand/vanilla'
import type { LinkRates, LinkState } from '../contract/bus.ts'
import type { CameraHealth } from '../contract/camera.ts'
import type { CommandRecord, Incident, Plan } from '../contract/decision.ts'
import type {
  AuditMessage,
  BirthMessage,
  ClockMessage,
  ControllerMessage,
  PointDescriptor,
  ProfileMessage,
} from '../contract/messages.ts'
import type { EnvironmentVerdict, Forecast, Track } from '../contract/perception.ts'
import type { Clock } from '../platform/clock.ts'
import { type Fault, FaultList } from '../platform/faults.ts'
import type { ParkEvent } from '../site/park-bus.ts'
import type { SiteFile } from '../site/schema.ts'
import { SiteClock } from '../site/site-clock.ts'
import { HotPoints } from './hot-points.ts'
import { Presence } from './presence.ts'

export interface TwinDevice {
  readonly id: string
  readonly birth: BirthMessage
  /** Hot index by point id. */
  readonly points: Readonly<Record<string, number>>
  /** Own word and the gateway's together; undefined while nobody said anything. */
  readonly online: boolean | undefined
}

export interface LoopNumbers {
  readonly readingsPerS: number
  readonly inferencesPerS: number
  readonly engine: 'webgpu' | 'wasm' | undefined
  readonly inferenceMs: number | undefined
  readonly framesDropped: number
  readonly commandsVerified: number
  readonly savedToday: { readonly kwh: number; readonly cost: number } | undefined
}

/** Slow projections: replaced at most a few times a second, by `beat`. */
export interface TwinState {
  readonly link: LinkState
  readonly rates: LinkRates | undefined
  readonly site: SiteFile | undefined
  /** Site time at the last beat. */
  readonly siteNowMs: number
  readonly clock: {
    readonly simulated: boolean
    readonly speed: number
    readonly jump: number
    /** What the simulator tells now; null between stories, undefined where it does not say. */
    readonly story?: string | null | undefined
  }
  readonly devices: ReadonlyMap<string, TwinDevice>
  readonly texts: ReadonlyMap<string, string>
  readonly profiles: ReadonlyMap<string, ProfileMessage>
  readonly incidents: readonly Incident[]
  readonly plans: readonly Plan[]
  readonly commands: readonly CommandRecord[]
  readonly audit: readonly AuditMessage[]
  readonly controller: ControllerMessage | undefined
  /** Each person and thing once, wherever cameras see it. */
  readonly tracks: readonly Track[]
  /** What each camera sees in its own picture; one thing may be in several. */
  readonly sightings: readonly Track[]
  readonly forecasts: ReadonlyMap<string, Forecast>
  readonly environment: ReadonlyMap<string, EnvironmentVerdict>
  readonly cameras: ReadonlyMap<string, CameraHealth>
  readonly faults: readonly Fault[]
  readonly loop: LoopNumbers
  /** Rises with each change of hot values since the last beat; subscribe to it to re-read hot arrays. */
  readonly hotVersion: number
}

const auditCapacity = 500
/** Wall time by which readings may overtake the word of a clock's jump, batching included. */
const overtakingMs = 5000

/** The live belief of one site: hot arrays now, stores at the next beat. */
export class Twin {
  readonly hot = new HotPoints()
  readonly siteClock: SiteClock
  readonly faults: FaultList
  readonly store: StoreApi<TwinState>
  readonly #devices = new Map<string, TwinDevice>()
  /** Devices by the gateway that speaks for them. */
  readonly #behind = new Map<string, Set<string>>()
  readonly #presence = new Presence()
  readonly #texts = new Map<string, string>()
  readonly #profiles = new Map<string, ProfileMessage>()
  readonly #audit: AuditMessage[] = []
  /** Collections that changed since the last beat: copied once then, not with every message. */
  readonly #changed = new Set<'devices' | 'texts' | 'profiles' | 'audit'>()
  #pending: { -readonly [K in keyof TwinState]?: TwinState[K] } = {}

  constructor(clock: Clock) {
    this.siteClock = new SiteClock(clock)
    this.faults = new FaultList(
      () => clock.nowMs(),
      () => {
        this.#pending.faults = this.faults.list()
      },
    )
    this.store = createStore<TwinState>(() => initialState(clock))
  }

  apply(event: ParkEvent): void {
    switch (event.type) {
      case 'readings':
        return this.hot.apply(event.block, this.siteClock.nowMs(), this.siteClock.speed)
      case 'device':
        return this.#birth(event.birth, event.points)
      case 'deviceGone':
        return this.#gone(event.device)
      case 'availability':
        return this.#availability(event.device, event.online)
      case 'text':
        if (!this.#devices.has(event.device)) return
        this.#texts.set(`${event.device}/${event.point}`, event.value)
        this.#changed.add('texts')
        return
      case 'profile':
        if (!this.#devices.has(event.device)) return
        this.#profiles.set(event.device, event.profile)
        this.#changed.add('profiles')
        return
      case 'clock':
        return this.#clock(event.clock)
      case 'site':
        this.#pending.site = event.site
        return
      case 'link':
        this.#pending.link = event.link
        return
      case 'rates':
        this.#pending.rates = event.rates
        return
      case 'controller':
        this.#pending.controller = event.controller
        return
      case 'audit':
        this.#audit.push(event.audit)
        if (this.#audit.length > auditCapacity) this.#audit.shift()
        this.#changed.add('audit')
        return
      case 'fault':
        if (event.report) this.faults.set(event.key, event.report)
        else this.faults.clear(event.key)
        return
      default:
        // Incidents, plans, states, acks and frames belong to the loop, which projects them with `project`.
        return
    }
  }

  /** The loop hands in its own slow state; shown at the next beat. */
  project(
    part: Partial<Omit<TwinState, 'devices' | 'profiles' | 'texts' | 'faults' | 'hotVersion' | 'siteNowMs'>>,
  ): void {
    Object.assign(this.#pending, part)
  }

  device(id: string): TwinDevice | undefined {
    return this.#devices.get(id)
  }

  get devices(): ReadonlyMap<string, TwinDevice> {
    return this.#devices
  }

  get profiles(): ReadonlyMap<string, ProfileMessage> {
    return this.#profiles
  }

  /** Hot index and descriptor of a point; undefined where device or point is unknown. */
  point(device: string, point: string): { readonly index: number; readonly descriptor: PointDescriptor } | undefined {
    const known = this.#devices.get(device)
    const index = known?.points[point]
    const descriptor = known?.birth.points.find((p) => p.id === point)
    return index === undefined || !descriptor ? undefined : { index, descriptor }
  }

  /** Brings the stores up to date. Called some four times a second, never per message. */
  beat(): void {
    const pending = this.#pending
    this.#pending = {}
    if (this.#changed.has('devices')) pending.devices = new Map(this.#devices)
    if (this.#changed.has('texts')) pending.texts = new Map(this.#texts)
    if (this.#changed.has('profiles')) pending.profiles = new Map(this.#profiles)
    if (this.#changed.has('audit')) pending.audit = [...this.#audit]
    this.#changed.clear()
    this.store.setState({ ...pending, siteNowMs: this.siteClock.nowMs(), hotVersion: this.hot.version })
  }

  #birth(birth: BirthMessage, indices: readonly number[]): void {
    const points: Record<string, number> = {}
    for (const [at, descriptor] of birth.points.entries()) {
      const index = indices[at]
      if (index === undefined) continue
      points[descriptor.id] = index
      this.hot.reserve(index + 1)
    }
    this.#leaveGateway(birth.id)
    if (birth.gateway !== undefined) {
      const behind = this.#behind.get(birth.gateway) ?? new Set()
      this.#behind.set(birth.gateway, behind.add(birth.id))
      this.#presence.move(birth.gateway, true)
    }
    this.#presence.move(birth.id, true)
    this.#devices.set(birth.id, { id: birth.id, birth, points, online: this.#effective(birth.id, birth.gateway) })
    this.#changed.add('devices')
  }

  #gone(id: string): void {
    const device = this.#devices.get(id)
    if (!device) return
    this.#leaveGateway(id)
    this.#devices.delete(id)
    this.#presence.move(id, this.#isKnown(id))
    for (const { id: point } of device.birth.points) this.#texts.delete(`${id}/${point}`)
    this.#profiles.delete(id)
    for (const part of ['devices', 'texts', 'profiles'] as const) this.#changed.add(part)
  }

  #leaveGateway(id: string): void {
    const gateway = this.#devices.get(id)?.birth.gateway
    const behind = gateway === undefined ? undefined : this.#behind.get(gateway)
    if (gateway === undefined || !behind?.delete(id) || behind.size > 0) return
    this.#behind.delete(gateway)
    this.#presence.move(gateway, this.#isKnown(gateway))
  }

  #isKnown(id: string): boolean {
    return this.#devices.has(id) || this.#behind.has(id)
  }

  #availability(id: string, online: boolean): void {
    if (this.#presence.get(id) === online) return
    this.#presence.set(id, online, this.#isKnown(id))
    for (const each of [id, ...(this.#behind.get(id) ?? [])]) {
      const device = this.#devices.get(each)
      if (!device) continue
      const now = this.#effective(each, device.birth.gateway)
      if (now !== device.online) this.#devices.set(each, { ...device, online: now })
    }
    this.#changed.add('devices')
  }

  #effective(id: string, gateway: string | undefined): boolean | undefined {
    const own = this.#presence.get(id)
    const through = gateway === undefined ? true : this.#presence.get(gateway)
    if (own === false || through === false) return false
    return own === undefined && gateway === undefined ? undefined : (own ?? through)
  }

  #clock(message: ClockMessage): void {
    const isFirst = !this.siteClock.simulated
    if (this.siteClock.apply(message)) this.hot.restartTime(message.siteMs, overtakingMs * Math.max(1, message.speed))
    else this.hot.clockTold(message.siteMs, message.speed, isFirst)
    const clock = this.#pending.clock ?? this.store.getState().clock
    const { speed, jump, story } = message
    if (clock.speed !== speed || clock.jump !== jump || clock.story !== story || !clock.simulated)
      this.#pending.clock = { simulated: true, speed, jump, story }
  }
}

function initialState(clock: Clock): TwinState {
  return {
    link: { phase: 'idle', url: '', sinceMs: clock.nowMs(), attempt: 0 },
    rates: undefined,
    site: undefined,
    siteNowMs: clock.nowMs(),
    clock: { simulated: false, speed: 1, jump: 0 },
    devices: new Map(),
    texts: new Map(),
    profiles: new Map(),
    incidents: [],
    plans: [],
    commands: [],
    audit: [],
    controller: undefined,
    tracks: [],
    sightings: [],
    forecasts: new Map(),
    environment: new Map(),
    cameras: new Map(),
    faults: [],
    loop: {
      readingsPerS: 0,
      inferencesPerS: 0,
      engine: undefined,
      inferenceMs: undefined,
      framesDropped: 0,
      commandsVerified: 0,
      savedToday: undefined,
    },
    hotVersion: 0,
  }
}
