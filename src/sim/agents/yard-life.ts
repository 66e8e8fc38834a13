/** Lorries and the forklift by day, the guard's walk and a cat by night. */
import type { Random } from '../../platform/random.ts'
import type { SiteFile, SiteLife } from '../../site/schema.ts'
import type { LocalTime } from '../../site/tariff.ts'
import type { Openings } from '../openings.ts'
import type { PathGraph, Place } from './path-graph.ts'
import { driveTrack, makeTrack, walkTrack } from './track.ts'
import type { Traffic } from './traffic.ts'

interface Chore {
  readonly atMs: number
  readonly run: (nowMs: number) => void
}

const truckMps = 4.2
const forkliftMps = 2.4
const catMps = 0.9
const guardWalksAtH = [23.4, 4.6]

export class YardLife {
  readonly #graph: PathGraph
  readonly #traffic: Traffic
  readonly #openings: Openings
  readonly #random: Random
  readonly #hasYard: boolean
  #chores: Chore[] = []
  #day = Number.NaN
  #mine = new Set<string>()
  #serial = 0

  readonly #forklifts: SiteLife['forklifts']

  constructor(site: SiteFile, graph: PathGraph, traffic: Traffic, openings: Openings, random: Random) {
    this.#graph = graph
    this.#traffic = traffic
    this.#openings = openings
    this.#random = random
    this.#forklifts = site.life?.forklifts ?? []
    this.#hasYard = graph.has('berth-1') && graph.has('yard-turn-1')
  }

  /** Everything of it vanishes; after a jump in time nobody stands where they stood. */
  clear(): void {
    for (const id of this.#mine) this.#traffic.remove(id)
    this.#mine.clear()
    this.#chores = []
    this.#day = Number.NaN
  }

  step(local: LocalTime, nowMs: number): void {
    const midnightMs = Math.round((nowMs - local.hour * 3_600_000) / 1000) * 1000
    const day = Math.round(midnightMs / 86_400_000)
    if (day !== this.#day) {
      this.#day = day
      this.#plan(midnightMs, local.weekday, nowMs, day)
    }
    while (this.#chores[0] && this.#chores[0].atMs <= nowMs) this.#chores.shift()?.run(nowMs)
  }

  #plan(midnightMs: number, weekday: number, nowMs: number, day: number): void {
    const draw = this.#random.fork(`day ${day}`)
    const at = (hour: number) => midnightMs + Math.round(hour * 3_600_000)
    const chores: Chore[] = guardWalksAtH.map((hour) => ({ atMs: at(hour), run: () => this.#guardWalk() }))
    for (const forklift of this.#forklifts)
      for (let hour = 6.3; weekday <= 6 && hour < 21.5; hour += draw.between(0.08, 0.3))
        chores.push({ atMs: at(hour), run: () => this.#round(forklift) })
    if (this.#hasYard) {
      for (const hour of [1.1, 3.2, 5.4, 19.5, 21.3])
        if (draw.next() < 0.5) chores.push({ atMs: at(hour + draw.between(-0.3, 0.3)), run: () => this.#cat(draw) })
      if (weekday <= 6)
        for (const [i, hour] of [8.2, 10.4, 13.9, 15.8].entries())
          chores.push({ atMs: at(hour + draw.between(-0.3, 0.4)), run: (t) => this.#lorry((i % 2) + 1, draw, t) })
      if (weekday <= 5)
        for (let hour = 7.8; hour < 17; hour += draw.between(0.2, 0.6)) {
          const start = hour
          if (start > 11.8 && start < 12.9) continue
          chores.push({ atMs: at(start), run: () => this.#forkliftRun(draw) })
        }
    }
    this.#chores = chores.filter((c) => c.atMs > nowMs).sort((a, b) => a.atMs - b.atMs)
  }

  #later(atMs: number, run: (nowMs: number) => void): void {
    this.#chores.push({ atMs, run })
    this.#chores.sort((a, b) => a.atMs - b.atMs)
  }

  #lorry(berth: number, draw: Random, nowMs: number): void {
    const id = `truck-${++this.#serial}`
    const look = draw.integer(0, 1_000_000)
    const turn = `yard-turn-${berth}`
    const dock = this.#graph.at(`berth-${berth}`)
    const turnAt = this.#graph.at(turn)
    const way = this.#graph.route('drive', 'street-east', turn)
    const back = this.#graph.route('drive', turn, 'street-west')
    if (!dock || !turnAt || !way || !back) return
    const body = { id, kind: 'truck' as const, look, mayPass: true }
    const gone = () => this.#forget(id)
    const stayMs = draw.between(18, 45) * 60_000
    // drives past the berth, backs in, stands to be unloaded, leaves forwards
    const leave = () =>
      this.#traffic.start({
        ...body,
        track: makeTrack([dock, turnAt], [], this.#openings),
        speedMps: 2,
        onArrive: () =>
          this.#traffic.start({
            ...body,
            track: driveTrack(back, this.#openings, 1.6),
            speedMps: truckMps,
            onArrive: gone,
          }),
      })
    const stand = () => {
      this.#traffic.park({ id, kind: 'truck', at: [...dock, 0], headingDeg: 0, speedMps: 0, phase: 0, look })
      this.#openings.request(`dock-shutter-${berth}`, nowMs, stayMs + 900_000)
      this.#later(nowMs + stayMs, leave)
    }
    this.#mine.add(id)
    this.#traffic.start({
      ...body,
      track: driveTrack(way, this.#openings, 1.6),
      speedMps: truckMps,
      onArrive: () =>
        this.#traffic.start({
          ...body,
          track: makeTrack([turnAt, dock], [], this.#openings),
          speedMps: 1.3,
          reversing: true,
          onArrive: stand,
        }),
    })
  }

  #forkliftRun(draw: Random): void {
    const id = 'forklift-1'
    if (this.#traffic.get(id)) return
    const pallets: Place = [98 + draw.between(-2, 2), 26 + draw.between(-3, 4)]
    const load: Place = [86 + draw.between(-1.6, 1.6), -0.5]
    const points: Place[] = [pallets, [96, 14], [91.5, 8], load, [83, 6.5], [79, 12], [84, 27], [94, 30], pallets]
    this.#mine.add(id)
    this.#traffic.start({
      id,
      kind: 'forklift',
      look: 5,
      mayPass: true,
      track: makeTrack(points, [], this.#openings),
      speedMps: forkliftMps,
      onArrive: () =>
        this.#traffic.park({
          id,
          kind: 'forklift',
          at: [...pallets, 0],
          headingDeg: 200,
          speedMps: 0,
          phase: 0,
          look: 5,
        }),
    })
  }

  /** Once round as the site file says; it stands where it came from until the next. */
  #round({ id, round }: SiteLife['forklifts'][number]): void {
    const [home, next] = round
    if (!home || !next || this.#traffic.get(id)) return
    this.#mine.add(id)
    const body = { id, kind: 'forklift' as const, look: 5 }
    const headingDeg = (Math.atan2(next[0] - home[0], next[1] - home[1]) * 180) / Math.PI
    const track = makeTrack([...round], [], this.#openings)
    const park = () => this.#traffic.park({ ...body, at: [...home, 0], headingDeg, speedMps: 0, phase: 0 })
    this.#traffic.start({ ...body, mayPass: true, track, speedMps: forkliftMps, onArrive: park })
  }

  #guardWalk(): void {
    const id = 'guard-1'
    const stops = [
      'gatehouse-inside',
      'office-a-out',
      'office-b-out',
      'energy-out',
      'warehouse-out',
      'gatehouse-inside',
    ]
    const route = this.#graph.tour('walk', stops)
    if (!route) return
    this.#mine.add(id)
    this.#traffic.start({
      id,
      kind: 'person',
      look: 42,
      track: walkTrack(route, this.#openings),
      speedMps: 1.3,
      keepRightM: 0.3,
      mayPass: true,
      onArrive: () => this.#forget(id),
    })
  }

  #cat(draw: Random): void {
    const id = `cat-${++this.#serial}`
    const points: Place[] = [[104, 12 + draw.between(0, 20)]]
    for (let i = 0; i < 5; i++) points.push([draw.between(76, 102), draw.between(-3, 36)])
    points.push([67, draw.between(6, 20)], [54, draw.between(0, 10)])
    this.#mine.add(id)
    this.#traffic.start({
      id,
      kind: 'animal',
      look: draw.integer(0, 1000),
      track: makeTrack(points, [], this.#openings),
      speedMps: catMps,
      mayPass: false,
      onArrive: () => this.#forget(id),
    })
  }

  #forget(id: string): void {
    this.#mine.delete(id)
    this.#traffic.remove(id)
  }
}
