/** Passing life by day: cars that set somebody down, couriers on bicycles. */
import type { Random } from '../../platform/random.ts'
import type { LocalTime } from '../../site/tariff.ts'
import type { Openings } from '../openings.ts'
import type { PathGraph } from './path-graph.ts'
import { driveTrack, walkTrack } from './track.ts'
import type { Traffic } from './traffic.ts'

const carMps = 5.2
const bicycleMps = 3.2
/** By the hour on a working day. */
const dropOffsPerHour = 22
const couriersPerHour = 16
/** With so many on the way nobody else sets out just to pass by. */
const fullStreet = 80

/** Once round the park past the doors. */
const drives: readonly [readonly string[], ...(readonly string[])[]] = [
  [
    'street-west',
    'junction-entry',
    'junction-se',
    'junction-ne',
    'junction-nw',
    'junction-sw',
    'junction-entry',
    'street-east',
  ],
  [
    'street-east',
    'junction-entry',
    'visitor-2',
    'junction-sw',
    'junction-nw',
    'junction-ne',
    'junction-entry',
    'street-west',
  ],
  [
    'street-east',
    'junction-entry',
    'junction-carpark',
    'carpark-in',
    'aisle-13',
    'carpark-in',
    'junction-entry',
    'street-east',
  ],
]

const rides: readonly [readonly string[], ...(readonly string[])[]] = [
  ['walk-street-west', 'office-a-out', 'walk-street-west'],
  ['walk-street-east', 'office-b-out', 'walk-street-west'],
  ['walk-street-west', 'plaza-east', 'walk-street-east'],
  ['walk-street-east', 'terrace', 'walk-street-east'],
]

export class StreetLife {
  readonly #graph: PathGraph
  readonly #traffic: Traffic
  readonly #openings: Openings
  readonly #random: Random
  #serial = 0

  constructor(graph: PathGraph, traffic: Traffic, openings: Openings, random: Random) {
    this.#graph = graph
    this.#traffic = traffic
    this.#openings = openings
    this.#random = random
  }

  step(local: LocalTime, dtS: number): void {
    const share = liveliness(local)
    if (share === 0 || this.#traffic.movingCount > fullStreet) return
    if (this.#random.next() < (dropOffsPerHour * share * dtS) / 3600) this.#dropOff()
    if (this.#random.next() < (couriersPerHour * share * dtS) / 3600) this.#courier()
  }

  #dropOff(): void {
    const route = this.#graph.tour('drive', this.#random.pick(drives))
    if (!route) return
    this.#traffic.start({
      id: `taxi-${++this.#serial}`,
      kind: 'car',
      look: this.#random.integer(0, 1_000_000),
      track: driveTrack(route, this.#openings, 1.7),
      speedMps: carMps,
      mayPass: true,
      onArrive: () => {},
    })
  }

  #courier(): void {
    const route = this.#graph.tour('walk', this.#random.pick(rides))
    if (!route) return
    this.#traffic.start({
      id: `courier-${++this.#serial}`,
      kind: 'bicycle',
      look: this.#random.integer(0, 1_000_000),
      track: walkTrack(route, this.#openings),
      speedMps: bicycleMps,
      keepRightM: 0.7,
      mayPass: true,
      onArrive: () => {},
    })
  }
}

function liveliness({ weekday, hour }: LocalTime): number {
  const byDay = hour < 7 || hour > 21 ? 0 : hour < 8 || hour > 19 ? 0.4 : 1
  return weekday <= 5 ? byDay : byDay * 0.25
}
