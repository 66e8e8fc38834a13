/** Everybody and everything that moves outside: follows tracks, waits at gates, keeps off one another. */
import type { ActorKind, WorldActor } from '../../contract/sim-world.ts'
import type { Openings } from '../openings.ts'
import { roundTo } from '../publishing.ts'
import { placeOn, type Track } from './track.ts'

export interface MoverOptions {
  readonly id: string
  readonly kind: ActorKind
  readonly look: number
  readonly track: Track
  readonly speedMps: number
  /** Gates open for those who may pass. */
  readonly mayPass: boolean
  /** Goes backwards along the track, as a lorry into its berth. */
  readonly reversing?: boolean
  /** Walkers keep this far right of the line. */
  readonly keepRightM?: number
  readonly onArrive: () => void
}

export interface Mover extends MoverOptions {
  atM: number
  nowMps: number
  sideM: number
  phase: number
  headingDeg: number
  east: number
  north: number
  waitedS: number
  /** Left of the time in which it pushes on although somebody is in the way. */
  pushS: number
}

const wheels = new Set<ActorKind>(['car', 'truck', 'forklift', 'bicycle'])
/** These keep to their lane; all others step or swerve aside. */
const motors = new Set<ActorKind>(['car', 'truck', 'forklift'])
/** Past this a blocked driver squeezes by; two may otherwise wait for each other for good. */
const patienceS = 7
const pushesForS = 5

export class Traffic {
  readonly #movers = new Map<string, Mover>()
  readonly #parked = new Map<string, WorldActor>()
  readonly #openings: Openings

  constructor(openings: Openings) {
    this.#openings = openings
  }

  start(options: MoverOptions): Mover {
    const { east, north, dirEast, dirNorth } = placeOn(options.track, 0)
    const parked = this.#parked.get(options.id)
    this.#parked.delete(options.id)
    const ahead = headingOf(dirEast, dirNorth) + (options.reversing ? 180 : 0)
    const mover: Mover = {
      ...options,
      atM: 0,
      nowMps: wheels.has(options.kind) ? 0 : options.speedMps,
      sideM: options.keepRightM ?? 0,
      phase: (options.look % 628) / 100,
      headingDeg: parked?.headingDeg ?? ahead,
      east,
      north,
      waitedS: 0,
      pushS: 0,
    }
    this.#movers.set(mover.id, mover)
    this.#place(mover, 0)
    return mover
  }

  get(id: string): Mover | undefined {
    return this.#movers.get(id)
  }

  park(actor: WorldActor): void {
    this.#parked.set(actor.id, actor)
  }

  remove(id: string): void {
    this.#movers.delete(id)
    this.#parked.delete(id)
  }

  get movingCount(): number {
    return this.#movers.size
  }

  /** Fine motion; steps up to about a second. */
  step(dtS: number, nowMs: number): void {
    const all = [...this.#movers.values()]
    for (const mover of all) {
      if (!this.#movers.has(mover.id)) continue
      const aimMps = Math.min(mover.speedMps, this.#gateLimit(mover, nowMs), this.#othersLimit(mover, all))
      const gain = wheels.has(mover.kind) ? 1.6 : 2.5
      const rise = mover.nowMps + gain * dtS
      const fall = mover.nowMps - 4 * dtS
      mover.nowMps = aimMps > mover.nowMps ? Math.min(aimMps, rise) : Math.max(aimMps, fall, 0)
      mover.waitedS = mover.nowMps < 0.15 ? mover.waitedS + dtS : 0
      mover.pushS = mover.waitedS > patienceS ? pushesForS : Math.max(0, mover.pushS - dtS)
      this.#advance(mover, mover.nowMps * dtS, dtS, all)
    }
  }

  /** Rough motion while time is skipped over: only who arrives when matters. */
  skip(dtS: number): void {
    for (const mover of [...this.#movers.values()]) {
      mover.atM += mover.speedMps * dtS
      if (mover.atM >= mover.track.lengthM) this.#arrive(mover)
      else this.#place(mover, 1)
    }
  }

  actors(): WorldActor[] {
    const moving = [...this.#movers.values()].map(
      (m): WorldActor => ({
        id: m.id,
        kind: m.kind,
        at: [roundTo(m.east, 3), roundTo(m.north, 3), 0],
        headingDeg: roundTo(((m.headingDeg % 360) + 360) % 360, 1),
        speedMps: roundTo(m.nowMps, 2),
        phase: roundTo(m.phase % (2 * Math.PI), 3),
        look: m.look,
      }),
    )
    return [...moving, ...this.#parked.values()]
  }

  #advance(mover: Mover, byM: number, dtS: number, all: readonly Mover[]): void {
    mover.atM += byM
    // a stride is some 1.5 m for both legs; wheels turn by their radius
    mover.phase += wheels.has(mover.kind) ? byM / 0.33 : (byM / 1.5) * 2 * Math.PI
    if (!motors.has(mover.kind)) this.#sidestep(mover, dtS, all)
    if (mover.atM >= mover.track.lengthM) this.#arrive(mover)
    else this.#place(mover, dtS)
  }

  #arrive(mover: Mover): void {
    this.#movers.delete(mover.id)
    mover.onArrive()
  }

  #place(mover: Mover, dtS: number): void {
    const on = placeOn(mover.track, mover.atM)
    const aim = headingOf(on.dirEast, on.dirNorth) + (mover.reversing ? 180 : 0)
    const turn = ((aim - mover.headingDeg + 540) % 360) - 180
    const most = (wheels.has(mover.kind) ? 70 : 240) * dtS
    mover.headingDeg += Math.max(-most, Math.min(most, turn))
    mover.east = on.east + mover.sideM * on.dirNorth
    mover.north = on.north - mover.sideM * on.dirEast
  }

  /** Slows to a stand before a gate that is not open; asks it to open where that is allowed. */
  #gateLimit(mover: Mover, nowMs: number): number {
    const halfM = halfLengthM(mover.kind)
    for (const gate of mover.track.gates) {
      const leftM = gate.atM - mover.atM
      if (leftM < -halfM - 1) continue
      const reachM = wheels.has(mover.kind) ? 16 : 4
      if (leftM < reachM && mover.mayPass) this.#openings.request(gate.id, nowMs)
      if (leftM > 0 && !this.#openings.isPassable(gate.id)) {
        const roomM = leftM - halfM - 0.8
        return roomM <= 0 ? 0 : Math.sqrt(2 * 1.5 * roomM)
      }
    }
    return Number.POSITIVE_INFINITY
  }

  #othersLimit(mover: Mover, all: readonly Mover[]): number {
    if (mover.pushS > 0) return 1
    const onWheels = motors.has(mover.kind)
    const rad = ((mover.headingDeg + (mover.reversing ? 180 : 0)) * Math.PI) / 180
    const [dirE, dirN] = [Math.sin(rad), Math.cos(rad)]
    let limit = Number.POSITIVE_INFINITY
    for (const other of all) {
      if (other === mover) continue
      const de = other.east - mover.east
      const dn = other.north - mover.north
      const aheadM = de * dirE + dn * dirN
      if (aheadM <= 0 || aheadM > (onWheels ? 14 : 1.6)) continue
      const asideM = Math.abs(de * dirN - dn * dirE)
      const bodies = halfLengthM(mover.kind) + halfLengthM(other.kind)
      const width = onWheels ? (motors.has(other.kind) ? 1.7 : 1.5) : motors.has(other.kind) ? 1.4 : 0.45
      if (asideM > width) continue
      const gapM = aheadM - bodies - (onWheels ? 1.2 : 0.35)
      const theirs = Math.max(0, alongMps(other, dirE, dirN))
      // somebody who comes the other way is stepped around, not waited for
      if (!onWheels && alongMps(other, dirE, dirN) < -0.2) continue
      limit = Math.min(limit, gapM <= 0 ? Math.min(theirs, 0.2) : theirs + Math.sqrt(2 * gapM))
    }
    return limit
  }

  /** Walkers drift back to their side of the way and make room for whoever is close. */
  #sidestep(mover: Mover, dtS: number, all: readonly Mover[]): void {
    const home = mover.keepRightM ?? 0
    let push = (home - mover.sideM) * 0.6
    const on = placeOn(mover.track, mover.atM)
    for (const other of all) {
      if (other === mover) continue
      const de = mover.east - other.east
      const dn = mover.north - other.north
      const apart = Math.hypot(de, dn)
      const reach = motors.has(other.kind) ? 2.2 : 1.1
      if (apart > reach) continue
      const aside = de * on.dirNorth - dn * on.dirEast
      push += ((aside >= 0 ? 1 : -1) * (reach - apart) * 2.2) / reach
    }
    mover.sideM = Math.max(-1.4, Math.min(1.4, mover.sideM + Math.max(-0.8, Math.min(0.8, push)) * dtS))
  }
}

function alongMps(other: Mover, dirE: number, dirN: number): number {
  const rad = (other.headingDeg * Math.PI) / 180
  return other.nowMps * (Math.sin(rad) * dirE + Math.cos(rad) * dirN) * (other.reversing ? -1 : 1)
}

function headingOf(dirEast: number, dirNorth: number): number {
  return (Math.atan2(dirEast, dirNorth) * 180) / Math.PI
}

function halfLengthM(kind: ActorKind): number {
  switch (kind) {
    case 'truck':
      return 4.2
    case 'car':
      return 2.2
    case 'forklift':
      return 1.4
    case 'bicycle':
      return 0.9
    default:
      return 0.25
  }
}
