/** A simulated park: seeded, pure, at any speed. Same seed, same steps, same commands: the same messages, byte for byte. */
import type { CommandMessage, PointValue, ProfileMessage, ScenarioMessage, ScenarioName } from '../contract/messages.ts'
import type { SimWorldMessage } from '../contract/sim-world.ts'
import { createRandom } from '../platform/random.ts'
import type { SiteFile } from '../site/schema.ts'
import { whyNoStory } from '../site/story-needs.ts'
import { localTime } from '../site/tariff.ts'
import { localOffset } from '../site/time-zone.ts'
import { PathGraph } from './agents/path-graph.ts'
import { Population } from './agents/population.ts'
import { StreetLife } from './agents/street-life.ts'
import { Traffic } from './agents/traffic.ts'
import { YardLife } from './agents/yard-life.ts'
import { CommandDesk, type DeviceFault } from './commands.ts'
import { birthMessages, Devices, type ParkMessage, type SimDevice } from './devices.ts'
import { Charging, Solar, Storage } from './generation.ts'
import { Lighting } from './lighting.ts'
import { Metering, profileIntervalMs } from './metering.ts'
import type { Moment } from './moment.ts'
import { Openings } from './openings.ts'
import { Outdoor } from './outdoor.ts'
import { createWeather, type WeatherSource, type WeatherSpell } from './physics/weather.ts'
import { Plant } from './plant.ts'
import { roundTo } from './publishing.ts'
import { Rooms } from './rooms.ts'
import { SiteDistractors } from './site-distractors.ts'
import { tellChillerStuck, tellHotAfternoon } from './stories/energy-stories.ts'
import { tellFire } from './stories/fire.ts'
import { tellIntruder } from './stories/intruder.ts'
import type { Stage, Story, TellStory } from './stories/story.ts'
import { UsualState } from './usual-state.ts'

export interface ParkOptions {
  readonly site: SiteFile
  readonly seed: number
  readonly startMs: number
  /** Days lived through before the start, so that meters have a past; 8 unless given. */
  readonly pastDays?: number
  readonly faults?: Readonly<Record<string, DeviceFault>>
}

const stories: Record<ScenarioName, TellStory> = {
  'intruder-at-dock': tellIntruder,
  'room-on-fire': tellFire,
  'chiller-stuck-on': tellChillerStuck,
  'hot-afternoon-peak': tellHotAfternoon,
}

const dayMs = 86_400_000
/** Step while time is skipped over. */
const skipStepMs = 300_000
/** The same for sites with many rooms, whose past is told by quarters of an hour. */
const coarseSkipStepMs = 900_000
const manyZones = 400
const rememberedLines = 100
const defaultMaxTelemetry = 400

export type Park = ReturnType<typeof createPark>

export function createPark(options: ParkOptions) {
  return new SimulatedPark(options)
}

class SimulatedPark {
  /** As it was given, but for the offset of local time, which is the one in force. */
  readonly site: SiteFile
  readonly #localOffset: (atMs: number) => number
  readonly #skipStepMs: number
  readonly #random
  readonly #devices: Devices
  readonly #metering: Metering
  readonly #rooms: Rooms
  readonly #plant: Plant
  readonly #lighting: Lighting
  readonly #solar: Solar
  readonly #storage: Storage
  readonly #charging: Charging
  readonly #outdoor: Outdoor
  readonly #openings: Openings
  readonly #graph: PathGraph
  readonly #traffic: Traffic
  readonly #population: Population
  readonly #yard: YardLife
  readonly #street: StreetLife
  readonly #desk: CommandDesk
  readonly #usual: UsualState
  readonly #weatherAt: WeatherSource
  readonly #strays: SiteDistractors
  readonly #told: string[] = []
  #linesTold = 0
  #spell: WeatherSpell | undefined
  #story: Story | undefined
  #nowMs: number
  #owedMs = 0
  #jump = 0
  #profileRevision = 0

  constructor({ site: given, seed, startMs, pastDays = 8, faults = {} }: ParkOptions) {
    const site = { ...given, geo: { ...given.geo } }
    this.site = site
    this.#localOffset = localOffset(given.geo)
    this.#skipStepMs = site.zones.length > manyZones ? coarseSkipStepMs : skipStepMs
    this.#random = createRandom(seed)
    this.#nowMs = Math.floor((startMs - pastDays * dayMs) / profileIntervalMs) * profileIntervalMs
    this.#keepLocalTime()
    this.#weatherAt = createWeather({ seed, ...site.geo })
    this.#strays = new SiteDistractors(site, seed)
    const outdoorC = this.#weatherAt(this.#nowMs).temperatureC
    this.#devices = new Devices(site)
    this.#metering = new Metering(site, this.#devices)
    this.#rooms = new Rooms(site, this.#devices, this.#metering, this.#random.fork('rooms'), outdoorC)
    this.#plant = new Plant(site, this.#devices, this.#metering, this.#rooms)
    this.#lighting = new Lighting(site, this.#devices, this.#metering, this.#rooms)
    this.#solar = new Solar(site, this.#devices, this.#metering)
    this.#storage = new Storage(site, this.#devices, this.#metering)
    this.#charging = new Charging(site, this.#devices, this.#metering)
    this.#outdoor = new Outdoor(site, this.#devices, this.#metering, this.#random.fork('outdoor'))
    this.#openings = new Openings(site, this.#devices)
    this.#graph = new PathGraph(site)
    this.#traffic = new Traffic(this.#openings)
    const people = this.#random.fork('people')
    this.#population = new Population(site, this.#graph, this.#traffic, this.#openings, this.#charging, people)
    this.#yard = new YardLife(site, this.#graph, this.#traffic, this.#openings, this.#random.fork('yard'))
    this.#street = new StreetLife(this.#graph, this.#traffic, this.#openings, this.#random.fork('street'))
    this.#desk = new CommandDesk(
      this.#devices,
      (device, point, value, commandId, atMs) => this.#actuate(device, point, value, commandId, atMs),
      (device, point, value) => this.#objection(device, point, value),
    )
    for (const [device, fault] of Object.entries(faults)) this.#desk.inject(device, fault)
    if (this.#population.isCrowd) {
      this.#devices.asleep = true
      this.#skip(startMs - dayMs / 4, true)
      this.#devices.asleep = false
    }
    this.#skip(startMs)
    this.#devices.forget()
    this.#usual = new UsualState(this.#devices)
    this.#profileRevision++
  }

  nowMs(): number {
    return this.#nowMs
  }

  /** Counts how often the clock jumped. */
  get jump(): number {
    return this.#jump
  }

  /** Rises when meters closed another quarter of an hour. */
  get profileRevision(): number {
    return this.#profileRevision
  }

  get runningStory(): ScenarioName | undefined {
    return this.#story?.name
  }

  births() {
    return birthMessages(this.site, this.#nowMs)
  }

  /** Reported state of every device that holds anything, for retention at the start. */
  states(): ParkMessage[] {
    for (const device of this.#devices.all())
      if (device.writable.length > 0) this.#devices.queueState(device, this.#nowMs)
    return this.#devices.drain(this.#nowMs, 0)
  }

  profiles(): { readonly device: string; readonly message: ProfileMessage }[] {
    return this.#metering.profiles()
  }

  /** What stories did, newest last; the last hundred lines. */
  log(): readonly string[] {
    return this.#told
  }

  /** Lines told since the start, those forgotten included. */
  get linesTold(): number {
    return this.#linesTold
  }

  /** For tests, benches and evaluation; the twin learns values from the bus only. */
  value(device: string, point: string): PointValue | undefined {
    return this.#devices.get(device)?.values.get(point)
  }

  peopleInside(zoneId: string): number {
    return this.#population.inside(zoneId)
  }

  step(dtMs: number): void {
    const motionMs = dtMs <= 2000 ? 125 : dtMs <= 20_000 ? 500 : 1000
    const physicsMs = dtMs <= 2000 ? 1000 : dtMs <= 20_000 ? 5000 : 15_000
    for (let left = dtMs; left > 0; ) {
      const sub = Math.min(left, motionMs, this.#toQuarterMs())
      left -= sub
      this.#nowMs += sub
      this.#move(sub)
      this.#owedMs += sub
      if (this.#owedMs >= physicsMs || this.#toQuarterMs() === profileIntervalMs) this.#settlePhysics()
    }
  }

  /** Messages since the last call: acks and states at once, telemetry of at most `maxTelemetry` devices. */
  drainMessages(maxTelemetry = defaultMaxTelemetry): ParkMessage[] {
    return this.#devices.drain(this.#nowMs, maxTelemetry)
  }

  handleCommand(device: string, command: CommandMessage): void {
    this.#desk.handle(device, command, this.#nowMs)
  }

  /** Makes a device misbehave; undefined heals it. */
  inject(device: string, fault: DeviceFault | undefined): void {
    this.#desk.inject(device, fault)
  }

  handleScenario(message: ScenarioMessage): void {
    if (message.action === 'stop' && this.#story?.name !== message.scenario) return
    this.#endStory('stopped')
    if (message.action === 'stop') return
    const why = whyNoStory(this.site, message.scenario)
    if (why !== undefined) return this.#tell(`${message.scenario} refused: ${why}`)
    this.#putBack()
    this.#story = stories[message.scenario](this.#stage())
  }

  /** Undoes what commands have changed; what follows a timetable or daylight does so again. */
  #putBack(): void {
    for (const { device, point, value } of this.#usual.take()) {
      this.#outdoor.letGo(device.id)
      if (this.#lighting.letGo(device.id) || this.#openings.command(device.id, point, value, undefined)) continue
      this.#devices.hold(device.id, point, value, this.#nowMs)
    }
  }

  world(): SimWorldMessage {
    const weather = this.#weatherAt(this.#nowMs, this.#spell)
    const [east, north, up] = weather.sun
    const { animals, distractors, wet } = this.#strays.now(this.#nowMs, weather)
    return {
      at: this.#nowMs,
      sun: [roundTo(east, 4), roundTo(north, 4), roundTo(up, 4)],
      cloud: roundTo(weather.cloud, 3),
      rainMmPerH: roundTo(weather.rainMmPerH, 2),
      actors: [...this.#traffic.actors(), ...animals],
      openings: this.#openings.openings(),
      lights: this.#lighting.output(),
      fires: this.#story?.fires?.() ?? [],
      ...(distractors.length > 0 && { distractors }),
      ...(wet > 0 && { wet: roundTo(wet, 2) }),
    }
  }

  #toQuarterMs(): number {
    return profileIntervalMs - (this.#nowMs % profileIntervalMs)
  }

  #move(ms: number): void {
    const dtS = ms / 1000
    this.#desk.step(this.#nowMs)
    this.#population.step(this.#nowMs)
    const local = this.#local()
    this.#yard.step(local, this.#nowMs)
    this.#street.step(local, dtS)
    this.#traffic.step(dtS, this.#nowMs)
    this.#openings.step(ms, this.#nowMs)
    if (this.#story?.step(dtS)) this.#endStory('over')
  }

  #local() {
    return localTime(this.#nowMs, this.site.geo.utcOffsetMinutes)
  }

  #keepLocalTime(): void {
    this.site.geo.utcOffsetMinutes = this.#localOffset(this.#nowMs)
  }

  #settlePhysics(): void {
    if (this.#owedMs <= 0) return
    const moment: Moment = {
      nowMs: this.#nowMs,
      dtS: this.#owedMs / 1000,
      weather: this.#weatherAt(this.#nowMs, this.#spell),
      ...this.#local(),
    }
    this.#owedMs = 0
    for (const room of this.#rooms.list) room.people = this.#population.inside(room.zone.id)
    this.#lighting.step(moment)
    this.#plant.prepare(moment)
    this.#rooms.step(moment, this.#plant)
    this.#plant.settle(moment)
    this.#solar.step(moment)
    this.#storage.step(moment)
    this.#charging.step(moment)
    this.#outdoor.step(moment, this.#population.totalInside())
    this.#metering.settle(moment)
    if (this.#nowMs % profileIntervalMs === 0) {
      this.#metering.closeQuarter(this.#nowMs)
      this.#profileRevision++
      this.#keepLocalTime()
    }
  }

  /** Lives through the time until `atMs` in coarse steps; `crowdOnly` where nobody's own day matters. */
  #skip(atMs: number, crowdOnly = false): void {
    while (this.#nowMs < atMs) {
      const sub = Math.min(atMs - this.#nowMs, this.#skipStepMs, this.#toQuarterMs())
      this.#nowMs += sub
      this.#owedMs += sub
      this.#desk.step(this.#nowMs)
      if (crowdOnly) this.#population.stepCrowd(this.#nowMs)
      else this.#population.step(this.#nowMs)
      this.#traffic.skip(sub / 1000)
      this.#openings.step(sub, this.#nowMs)
      this.#settlePhysics()
    }
  }

  #stage(): Stage {
    return {
      site: this.site,
      devices: this.#devices,
      openings: this.#openings,
      traffic: this.#traffic,
      graph: this.#graph,
      rooms: this.#rooms,
      population: this.#population,
      charging: this.#charging,
      outdoor: this.#outdoor,
      nowMs: () => this.#nowMs,
      weather: () => this.#weatherAt(this.#nowMs, this.#spell),
      skipTo: (atMs) => {
        this.#yard.clear()
        this.#skip(atMs)
        this.#jump++
        this.#devices.forget()
        for (const device of this.#devices.all())
          if (device.writable.length > 0) this.#devices.queueState(device, this.#nowMs)
      },
      setSpell: (spell) => {
        this.#spell = spell
      },
      log: (line) => this.#tell(line),
    }
  }

  #endStory(how: string): void {
    if (!this.#story) return
    this.#story.stop()
    this.#tell(`${this.#story.name}: ${how}`)
    this.#story = undefined
  }

  #tell(line: string): void {
    this.#told.push(line)
    this.#linesTold++
    if (this.#told.length > rememberedLines) this.#told.shift()
  }

  #actuate(device: SimDevice, point: string, value: PointValue, commandId: string, atMs: number): boolean {
    this.#usual.touch(device, point)
    if (this.#openings.command(device.id, point, value, commandId)) return true
    this.#lighting.command(device.id, point, value, atMs)
    this.#outdoor.takeOver(device.id)
    return false
  }

  #objection(device: SimDevice, point: string, value: PointValue): string | undefined {
    if (point === 'position' && value === 'open' && this.#openings.isLocked(device.id)) return 'locked'
    return undefined
  }
}
