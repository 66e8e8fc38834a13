/** Runs a park in time and speaks for it on a bus: the only part of the simulator that knows wall time and topics. */
import { decodeJson, encodeJson } from '../contract/decode.ts'
import {
  availabilityMessage,
  birthMessage,
  commandMessage,
  type ScenarioName,
  scenarioMessage,
  simFaultMessage,
} from '../contract/messages.ts'
import { parseTopic, type SiteTopics, siteTopics } from '../contract/topics.ts'
import type { Clock } from '../platform/clock.ts'
import { Disposables } from '../platform/disposables.ts'
import type { SiteFile } from '../site/schema.ts'
import type { DeviceFault } from './commands.ts'
import { gatewayId, type ParkMessage } from './devices.ts'
import { createPark, type Park } from './park.ts'

export interface PublishOptions {
  readonly retain: boolean
  readonly qos: 0 | 1
}

/** The host's side of a broker, whatever carries it. */
export interface SimBus {
  publish(topic: string, payload: Uint8Array, options: PublishOptions): void
  /** Topic filter with `+` wildcards; the returned function unsubscribes. */
  subscribe(filter: string, onMessage: (topic: string, payload: Uint8Array) => void): () => void
}

export interface SimHostOptions {
  readonly site: SiteFile
  /** What is told of the site, retained: its file, or a pointer to it; the file as parsed unless given. */
  readonly sitePayload?: Uint8Array
  readonly seed: number
  /** Simulated per wall time, 0 to 100 000. */
  readonly speed: number
  /** Simulated start; a Tuesday morning in June unless given. */
  readonly startMs?: number
  readonly clock: Clock
  readonly bus: SimBus
  readonly faults?: Readonly<Record<string, DeviceFault>>
  /** Says what stories did and what messages were refused. */
  readonly log?: (line: string) => void
}

export interface SimHost {
  readonly park: Park
  /** Site time stands still, and nothing is computed or sent; the bus says so by a clock of speed 0. */
  sleep(): void
  /** Goes on where it stopped. */
  wake(): void
  dispose(): void
}

const beatMs = 100
const worldEveryMs = 125
const clockEveryMs = 1000
const telemetryEveryMs = 500
/** Devices told at most in one go; the rest take their turn at the next. */
const telemetryPerTurn = 150
/** By then a broker has told all that it keeps. */
const lookForMs = 60_000
/** A machine that slept does not owe the park all that time. */
const longestCatchUpMs = 1000

export const defaultStartMs = Date.UTC(2026, 5, 16, 1, 30)

export function startSimHost(options: SimHostOptions): SimHost {
  const host = new Host(options)
  return {
    park: host.park,
    sleep: () => host.sleep(),
    wake: () => host.wake(),
    dispose: () => host.dispose(),
  }
}

class Host {
  readonly park: Park
  readonly #topics: SiteTopics
  readonly #bus: SimBus
  readonly #clock: Clock
  readonly #speed: number
  readonly #log: (line: string) => void
  readonly #devices = new Set<string>([gatewayId])
  readonly #open = new Disposables()
  /** What beats while the park is awake. */
  #beats: Disposables | undefined
  /** What looks for remains of an earlier site file. */
  #look: Disposables | undefined
  #lastMs = 0
  #owedMs = 0
  #jumpTold = 0
  #storyTold: ScenarioName | undefined
  #linesTold = 0
  #profilesTold = 0
  #nextProfileDevice = 0

  constructor({
    site,
    sitePayload = encodeJson(site),
    seed,
    speed,
    startMs = defaultStartMs,
    clock,
    bus,
    faults = {},
    log = () => {},
  }: SimHostOptions) {
    this.#topics = siteTopics(site.id)
    this.#bus = bus
    this.#clock = clock
    this.#speed = speed
    this.#log = log
    this.park = createPark({ site, seed, startMs, faults })
    const { equipment, cameras } = this.park.site
    for (const { id } of [...equipment, ...cameras]) this.#devices.add(id)
    this.#announce(sitePayload)
    this.#open.add(bus.subscribe(this.#topics.availability(gatewayId), (_topic, payload) => this.#onOwnWord(payload)))
    this.#open.add(bus.subscribe(this.#topics.command('+'), (topic, payload) => this.#onCommand(topic, payload)))
    this.#open.add(bus.subscribe(this.#topics.scenario, (_topic, payload) => this.#onScenario(payload)))
    this.#open.add(bus.subscribe(this.#topics.simFault, (_topic, payload) => this.#onFault(payload)))
    this.#open.add(() => this.#beats?.dispose())
    this.#open.add(() => this.#look?.dispose())
    this.wake()
  }

  wake(): void {
    if (this.#beats || this.#open.disposed) return
    const clock = this.#clock
    const beats = new Disposables()
    this.#beats = beats
    this.#lastMs = clock.monotonicMs()
    beats.add(clock.every(beatMs, () => this.#beat()))
    beats.add(clock.every(worldEveryMs, () => this.#send(this.#topics.simWorld, this.park.world(), false, 0)))
    beats.add(clock.every(clockEveryMs, () => this.#tellClock()))
    beats.add(clock.every(telemetryEveryMs, () => this.#tell(this.park.drainMessages(telemetryPerTurn))))
    this.#tellClock()
  }

  sleep(): void {
    if (!this.#beats) return
    this.#beats.dispose()
    this.#beats = undefined
    this.#tellClock()
  }

  dispose(): void {
    if (this.#open.disposed) return
    this.#open.dispose()
    this.#bus.publish(this.#topics.availability(gatewayId), encodeJson('offline'), { retain: true, qos: 1 })
  }

  /** Everything retained, so that whoever comes later finds the park as it is. */
  #announce(sitePayload: Uint8Array): void {
    const topics = this.#topics
    this.#bus.publish(topics.site, sitePayload, { retain: true, qos: 1 })
    this.#tellClock(this.#speed)
    for (const birth of this.park.births()) {
      this.#send(topics.birth(birth.id), birth, true, 1)
      this.#send(topics.availability(birth.id), 'online', true, 1)
    }
    this.#tell(this.park.states())
    this.#tellAllProfiles()
    this.#tell(this.park.drainMessages(Number.POSITIVE_INFINITY))
  }

  #beat(): void {
    const nowMs = this.#clock.monotonicMs()
    this.#owedMs += Math.min(longestCatchUpMs, nowMs - this.#lastMs)
    this.#lastMs = nowMs
    // whole beats only: the park's steps, and so its messages, do not hang on the jitter of timers
    while (this.#owedMs >= beatMs) {
      this.#owedMs -= beatMs
      this.park.step(Math.round(beatMs * this.#speed))
    }
    this.#tell(this.park.drainMessages(0))
    this.#tellStories()
    this.#tellProfiles()
  }

  #tellStories(): void {
    const fresh = this.park.linesTold - this.#linesTold
    if (fresh > 0) for (const line of this.park.log().slice(-fresh)) this.#log(line)
    this.#linesTold = this.park.linesTold
    const jumped = this.park.jump !== this.#jumpTold
    if (jumped || this.park.runningStory !== this.#storyTold) this.#tellClock()
    if (!jumped) return
    this.#jumpTold = this.park.jump
    this.#tell(this.park.drainMessages(Number.POSITIVE_INFINITY))
    this.#tellAllProfiles()
  }

  #tellAllProfiles(): void {
    this.#profilesTold = this.park.profileRevision
    for (const { device, message } of this.park.profiles()) this.#send(this.#topics.profile(device), message, true, 0)
  }

  /** A few meters a beat: at high speed all of them would be megabytes a second. */
  #tellProfiles(): void {
    if (this.park.profileRevision === this.#profilesTold) return
    const profiles = this.park.profiles()
    for (let i = 0; i < 4 && this.#nextProfileDevice < profiles.length; i++) {
      const profile = profiles[this.#nextProfileDevice++]
      if (profile) this.#send(this.#topics.profile(profile.device), profile.message, true, 0)
    }
    if (this.#nextProfileDevice < profiles.length) return
    this.#nextProfileDevice = 0
    this.#profilesTold = this.park.profileRevision
  }

  #tellClock(speed = this.#beats ? this.#speed : 0): void {
    this.#storyTold = this.park.runningStory
    const message = { siteMs: this.park.nowMs(), speed, jump: this.park.jump, story: this.#storyTold ?? null }
    this.#send(this.#topics.clock, message, true, 0)
  }

  #tell(messages: readonly ParkMessage[]): void {
    for (const { channel, device, message, retained } of messages)
      this.#send(this.#topics[channel](device), message, retained, channel === 'telemetry' ? 0 : 1)
  }

  #send(topic: string, message: unknown, retain: boolean, qos: 0 | 1): void {
    this.#bus.publish(topic, encodeJson(message), { retain, qos })
  }

  #onCommand(topic: string, payload: Uint8Array): void {
    const parsed = parseTopic(topic)
    if (parsed?.kind !== 'device') return
    const command = decodeJson(commandMessage, payload)
    if (command.ok) this.park.handleCommand(parsed.device, command.value)
    else this.#log(`command for ${parsed.device} refused: ${command.error.path} ${command.error.message}`)
    this.#tell(this.park.drainMessages(0))
  }

  /** Brokers may tell what they kept of an earlier run, that it went offline, before they hear that this one is there. */
  #onOwnWord(payload: Uint8Array): void {
    const word = decodeJson(availabilityMessage, payload)
    if (word.ok && word.value === 'online') this.#lookForRemains()
  }

  /**
   * Once ours are told, and not for long: while thousands of births are told a host cannot read, and those that came back
   * to it would cost it the connection.
   */
  #lookForRemains(): void {
    if (this.#look?.disposed === false) return
    const look = new Disposables()
    this.#look = look
    look.add(this.#bus.subscribe(this.#topics.birth('+'), (topic, payload) => this.#onBirth(topic, payload)))
    look.add(this.#clock.after(lookForMs, () => look.dispose()))
  }

  /** A device of ours that the site file no longer has: an earlier file did, and the broker kept it. */
  #onBirth(topic: string, payload: Uint8Array): void {
    const parsed = parseTopic(topic)
    if (parsed?.kind !== 'device' || this.#devices.has(parsed.device)) return
    const birth = decodeJson(birthMessage, payload)
    if (!birth.ok || birth.value.gateway !== gatewayId) return
    for (const channel of ['birth', 'availability', 'state', 'profile'] as const)
      this.#bus.publish(this.#topics[channel](parsed.device), new Uint8Array(), { retain: true, qos: 1 })
  }

  #onScenario(payload: Uint8Array): void {
    const message = decodeJson(scenarioMessage, payload)
    if (message.ok) this.park.handleScenario(message.value)
    else this.#log(`scenario refused: ${message.error.path} ${message.error.message}`)
    this.#tellStories()
  }

  #onFault(payload: Uint8Array): void {
    const message = decodeJson(simFaultMessage, payload)
    if (!message.ok) return this.#log(`fault refused: ${message.error.path} ${message.error.message}`)
    const { device, fault } = message.value
    this.park.inject(device, fault === 'none' ? undefined : fault)
    this.#log(fault === 'none' ? `${device} behaves again` : `${device} is ${fault}`)
  }
}
