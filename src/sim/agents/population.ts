/** The people who work here: where each is, what the day holds for them, how they come and go. */
import type { Random } from '../../platform/random.ts'
import type { SiteFile, Zone } from '../../site/schema.ts'
import type { Charging } from '../generation.ts'
import type { Openings } from '../openings.ts'
import { type Bay, baysOf } from './bays.ts'
import { Crowd } from './crowd.ts'
import { Destinations, type Errand, planDay, type Role } from './day-plan.ts'
import { type Entries, entriesOf } from './entries.ts'
import type { PathGraph, Place } from './path-graph.ts'
import { driveTrack, makeTrack, walkTrack } from './track.ts'
import type { Traffic } from './traffic.ts'

interface Person {
  readonly id: string
  readonly look: number
  readonly role: Role
  readonly home: Zone
  readonly random: Random
  readonly keepRightM: number
  readonly walkMps: number
  readonly entry: string
  readonly driveEntry: string
  readonly bay: Bay | undefined
  /** Zone they are in; undefined while away or on the way. */
  zone: string | undefined
  travelling: boolean
  onSite: boolean
  errands: Errand[]
}

const laneOffsetM = 1.7
const carMps = 5.6
/** Keeps the share of staff who are in on an ordinary day. */
const roleShare: Partial<Record<Zone['kind'], number>> = {
  office: 0.7,
  lab: 0.8,
  kitchen: 0.8,
  storage: 0.6,
  lobby: 0.12,
  production: 0.7,
  hazard: 0.4,
  shop: 0.3,
  home: 0.5,
}

/** People who are followed one by one; in a larger place the rest are a number by zone and hour. */
const mostWalkers = 900

export class Population {
  readonly #graph: PathGraph
  readonly #traffic: Traffic
  readonly #openings: Openings
  readonly #charging: Charging
  readonly #people: Person[]
  readonly #zones: ReadonlyMap<string, Zone>
  readonly #destinations: Destinations
  readonly #entries: Entries
  readonly #entrance = new Map<string, string>()
  readonly #counts = new Map<string, number>()
  readonly #crowd = new Crowd()
  readonly #geo: SiteFile['geo']
  #day = Number.NaN

  constructor(
    site: SiteFile,
    graph: PathGraph,
    traffic: Traffic,
    openings: Openings,
    charging: Charging,
    random: Random,
  ) {
    this.#graph = graph
    this.#traffic = traffic
    this.#openings = openings
    this.#charging = charging
    this.#geo = site.geo
    this.#zones = new Map(site.zones.map((z) => [z.id, z]))
    this.#entries = entriesOf(site, graph)
    this.#destinations = new Destinations(site.zones)
    for (const zone of site.zones)
      for (const node of graph.nodesOfZone(zone.id))
        if (zone.building !== undefined && !this.#entrance.has(zone.building)) this.#entrance.set(zone.building, node)
    this.#people = this.#hire(site, random)
  }

  /** People inside a zone; those outside are actors. */
  inside(zoneId: string): number {
    return (this.#counts.get(zoneId) ?? 0) + this.#crowd.inside(zoneId)
  }

  totalInside(): number {
    let sum = this.#crowd.total()
    for (const count of this.#counts.values()) sum += count
    return sum
  }

  /** Most are a number by zone: those who are followed hardly count in a past that nobody watched. */
  get isCrowd(): boolean {
    return this.#crowd.size > this.#people.length
  }

  /** Changes with summer time. */
  get #utcOffsetMs(): number {
    return this.#geo.utcOffsetMinutes * 60_000
  }

  /** Headcounts alone, for a past in which nobody's way matters. */
  stepCrowd(nowMs: number): void {
    this.#crowd.step(nowMs, this.#utcOffsetMs)
  }

  step(nowMs: number): void {
    const day = Math.floor((nowMs + this.#utcOffsetMs) / 86_400_000)
    // Where summer time ends at midnight the day before comes again, and has been lived through.
    if (!(day <= this.#day)) this.#newDay(day)
    this.#crowd.step(nowMs, this.#utcOffsetMs)
    for (const person of this.#people) {
      const errand = person.errands[0]
      if (!errand || errand.atMs > nowMs || person.travelling) continue
      person.errands.shift()
      this.#send(person, errand, nowMs)
    }
  }

  /** Everybody out of a building, to the plaza and back when it is over: their plan for the rest of the day waits. */
  evacuate(building: string, nowMs: number, untilMs: number): void {
    this.#crowd.evacuate(building, untilMs)
    for (const person of this.#people) {
      const zone = person.zone === undefined ? undefined : this.#zones.get(person.zone)
      if (zone?.building !== building) continue
      const later = person.errands.map((e) => ({ ...e, atMs: Math.max(e.atMs, untilMs + 60_000) }))
      person.errands = [{ atMs: nowMs + person.random.between(2000, 25_000), to: 'away' }, ...later]
    }
  }

  #newDay(day: number): void {
    this.#day = day
    const midnightMs = day * 86_400_000 - this.#utcOffsetMs
    for (const person of this.#people) {
      const left = person.errands.filter((e) => e.to === 'away')
      const draw = person.random.fork(`day ${day}`)
      person.errands = [...left, ...planDay(draw, person.role, person.home, this.#destinations, midnightMs, day)]
    }
  }

  #send(person: Person, errand: Errand, nowMs: number): void {
    if (errand.to === 'away') {
      if (person.onSite) this.#leave(person)
      return
    }
    if (!person.onSite) return this.#arrive(person, errand, nowMs)
    this.#walk(person, this.#here(person), errand.to, errand.via)
  }

  #here(person: Person): string | undefined {
    const zone = person.zone === undefined ? undefined : this.#zones.get(person.zone)
    return zone?.building === undefined ? undefined : this.#entrance.get(zone.building)
  }

  #enter(person: Person, zone: string): void {
    person.travelling = false
    person.zone = zone
    this.#counts.set(zone, (this.#counts.get(zone) ?? 0) + 1)
  }

  #exit(person: Person): void {
    if (person.zone !== undefined) this.#counts.set(person.zone, Math.max(0, (this.#counts.get(person.zone) ?? 0) - 1))
    person.zone = undefined
  }

  /** On foot from one node to a zone's building, then inside. */
  #walk(person: Person, from: string | undefined, zoneId: string, via: readonly string[] = []): void {
    const building = this.#zones.get(zoneId)?.building
    const to = building === undefined ? undefined : this.#entrance.get(building)
    const route = from && to ? this.#graph.tour('walk', [from, ...via, to]) : undefined
    this.#exit(person)
    if (!route) return this.#enter(person, zoneId)
    person.travelling = true
    this.#traffic.start({
      id: person.id,
      kind: 'person',
      look: person.look,
      track: walkTrack(route, this.#openings),
      speedMps: person.walkMps,
      keepRightM: person.keepRightM,
      mayPass: true,
      onArrive: () => this.#enter(person, zoneId),
    })
  }

  #arrive(person: Person, errand: Errand, nowMs: number): void {
    person.onSite = true
    const { bay } = person
    if (!bay) return this.#walk(person, person.entry, errand.to)
    const stop = this.#graph.nearest(bay.at, 'drive')
    const route = stop && this.#graph.route('drive', person.driveEntry, stop)
    if (!route) return this.#walk(person, person.entry, errand.to)
    person.travelling = true
    const carId = `car-${person.id}`
    this.#traffic.start({
      id: carId,
      kind: 'car',
      look: person.look,
      track: driveTrack(route, this.#openings, laneOffsetM, [bay.at]),
      speedMps: carMps,
      mayPass: true,
      onArrive: () => {
        this.#parkCar(person, bay, carId, nowMs)
        const start = this.#graph.nearest(bay.at, 'walk')
        this.#walk(person, start, errand.to)
      },
    })
  }

  #parkCar(person: Person, bay: Bay, carId: string, nowMs: number): void {
    this.#traffic.park({
      id: carId,
      kind: 'car',
      at: [bay.at[0], bay.at[1], 0],
      headingDeg: bay.headingDeg,
      speedMps: 0,
      phase: 0,
      look: person.look,
    })
    const leaveMs = person.errands.find((e) => e.to === 'away')?.atMs ?? nowMs + 8 * 3_600_000
    if (bay.charger !== undefined && person.random.next() < 0.8)
      this.#charging.plugIn(bay.charger, person.random.between(8, 38), leaveMs)
  }

  #leave(person: Person): void {
    const from = this.#here(person)
    this.#exit(person)
    person.travelling = true
    const gone = () => {
      person.travelling = false
      person.onSite = false
    }
    const { bay } = person
    const target = bay ? this.#graph.nearest(bay.at, 'walk') : person.entry
    const route = from && target ? this.#graph.route('walk', from, target) : undefined
    const afterWalk = bay ? () => this.#driveOff(person, bay, gone) : gone
    if (!route) return afterWalk()
    this.#traffic.start({
      id: person.id,
      kind: 'person',
      look: person.look,
      track: walkTrack(route, this.#openings),
      speedMps: person.walkMps,
      keepRightM: person.keepRightM,
      mayPass: true,
      onArrive: afterWalk,
    })
  }

  #driveOff(person: Person, bay: Bay, gone: () => void): void {
    const carId = `car-${person.id}`
    const stop = this.#graph.nearest(bay.at, 'drive')
    const route = stop && this.#graph.route('drive', stop, person.driveEntry)
    const first: Place | undefined = stop === undefined ? undefined : this.#graph.at(stop)
    if (bay.charger !== undefined) this.#charging.unplug(bay.charger)
    if (!route || !first) {
      this.#traffic.remove(carId)
      return gone()
    }
    const away = () =>
      this.#traffic.start({
        id: carId,
        kind: 'car',
        look: person.look,
        track: driveTrack(route, this.#openings, laneOffsetM),
        speedMps: carMps,
        mayPass: true,
        onArrive: gone,
      })
    this.#traffic.start({
      id: carId,
      kind: 'car',
      look: person.look,
      track: makeTrack([bay.at, first], [], this.#openings),
      speedMps: 1.8,
      mayPass: true,
      reversing: true,
      onArrive: away,
    })
  }

  #hire(site: SiteFile, random: Random): Person[] {
    const bays = baysOf(site).filter((bay) => !bay.row.includes('truck'))
    // chargers' bays first, so that sessions are not rare
    const free = [...bays.filter((b) => b.charger !== undefined), ...bays.filter((b) => b.charger === undefined)]
    const visitorBays = free.filter((bay) => bay.row.includes('visitor'))
    const staffBays = free.filter((bay) => !bay.row.includes('visitor'))
    const staff = staffBays.slice(0, Math.floor(staffBays.length * 0.86))
    const homes = site.zones.filter((z) => z.building !== undefined && roleShare[z.kind] !== undefined)
    const people: Person[] = []
    const staffOf = (home: Zone) => Math.max(1, Math.round(home.capacity * (roleShare[home.kind] ?? 0)))
    const all = homes.reduce((sum, home) => sum + staffOf(home), 0)
    const walkers = Math.min(1, mostWalkers / Math.max(1, all))
    let owed = 0
    for (const home of homes) {
      const count = staffOf(home)
      owed += count * walkers
      const followed = walkers === 1 ? count : Math.floor(owed)
      owed -= followed
      for (let i = 0; i < followed; i++) people.push(this.#person(home, i, random))
      this.#crowd.add(home, count - followed)
    }
    // owners of cars are spread over the park
    const step = Math.max(1, Math.floor(people.length / Math.max(1, staff.length)))
    const employees = people.map((person, i) => ({ ...person, bay: i % step === 0 ? staff[i / step] : undefined }))
    const lobby = homes.find((z) => z.kind === 'lobby') ?? homes[0]
    const visitors = lobby
      ? visitorBays.map((bay, i): Person => {
          const id = `visitor-${i + 1}`
          return { ...this.#person(lobby, 1000 + i, random), id, role: 'visitor', bay }
        })
      : []
    return [...employees, ...visitors]
  }

  #person(home: Zone, index: number, random: Random): Person {
    const draw = random.fork(`${home.id} ${index}`)
    const west = draw.next() < 0.5
    return {
      id: `p-${home.id}-${index + 1}`,
      look: draw.integer(0, 1_000_000),
      role: home.kind === 'kitchen' ? 'kitchen' : home.kind === 'storage' ? 'warehouse' : 'office',
      home,
      random: draw,
      keepRightM: draw.between(0.25, 0.85),
      walkMps: 1.4 + 0.14 * draw.normal(),
      entry: this.#entries.walk[west ? 0 : 1] ?? '',
      driveEntry: this.#entries.drive[west ? 0 : 1] ?? '',
      bay: undefined,
      zone: undefined,
      travelling: false,
      onSite: false,
      errands: [],
    }
  }
}
