import type { SitePoint } from './frames.ts'

/** A view: what is looked at, from which side, how high and how far. Angles in degrees, heading clockwise from north. */
export interface View {
  readonly target: SitePoint
  /** Where the eye looks to: 0 looks north. */
  readonly headingDeg: number
  /** 90 looks straight down, 0 along the ground. */
  readonly elevationDeg: number
  readonly distanceM: number
}

export interface RigLimits {
  readonly west: number
  readonly east: number
  readonly south: number
  readonly north: number
  readonly maxDistanceM: number
}

const minDistanceM = 7
const minElevationDeg = 6
const maxElevationDeg = 89

const within = (x: number, low: number, high: number) => Math.max(low, Math.min(high, x))
/** 0 to 360; most headings are already, and a remainder costs more than to ask. */
const turnedDeg = (deg: number) => (deg >= 0 && deg < 360 ? deg : ((deg % 360) + 360) % 360)
/** From one heading to another the short way round, −180 to 180; both 0 to 360. */
function shortTurnDeg(from: number, to: number): number {
  const turn = to - from
  return turn >= 180 ? turn - 360 : turn < -180 ? turn + 360 : turn
}

/** Keeps a view above the ground and over the park, so that nobody is ever lost. */
export function clampView(view: View, limits: RigLimits): View {
  return {
    target: [
      within(view.target[0], limits.west, limits.east),
      within(view.target[1], limits.south, limits.north),
      within(view.target[2], 0, 120),
    ],
    headingDeg: turnedDeg(view.headingDeg),
    elevationDeg: within(view.elevationDeg, minElevationDeg, maxElevationDeg),
    distanceM: within(view.distanceM, minDistanceM, limits.maxDistanceM),
  }
}

export function eyeOf(view: View): SitePoint {
  const heading = (view.headingDeg * Math.PI) / 180
  const elevation = (view.elevationDeg * Math.PI) / 180
  const flat = Math.cos(elevation) * view.distanceM
  return [
    view.target[0] - Math.sin(heading) * flat,
    view.target[1] - Math.cos(heading) * flat,
    view.target[2] + Math.sin(elevation) * view.distanceM,
  ]
}

interface Flight {
  readonly from: View
  readonly to: View
  spentMs: number
  readonly lastsMs: number
}

/** Follows a wished view with critically damped ease; at rest it asks for no frames. */
export class OrbitRig {
  readonly limits: RigLimits
  #goal: View
  #now: View
  #flight: Flight | undefined

  constructor(home: View, limits: RigLimits) {
    this.limits = limits
    this.#goal = clampView(home, limits)
    this.#now = this.#goal
  }

  get view(): View {
    return this.#now
  }

  get flying(): boolean {
    return this.#flight !== undefined
  }

  /** At once, without motion. */
  jump(view: View): void {
    this.#flight = undefined
    this.#goal = clampView(view, this.limits)
    this.#now = this.#goal
  }

  /** Smoothly, `lastsMs` long; 0 jumps (for people who ask for less motion). */
  fly(view: View, lastsMs = 900): void {
    if (lastsMs <= 0) return this.jump(view)
    const to = clampView(view, this.limits)
    this.#goal = to
    this.#flight = { from: this.#now, to, spentMs: 0, lastsMs }
  }

  /** Ends a flight at once, where it leads. */
  land(): void {
    if (this.#flight) this.jump(this.#flight.to)
  }

  orbit(deltaHeadingDeg: number, deltaElevationDeg: number): void {
    this.#wish({
      ...this.#goal,
      headingDeg: this.#goal.headingDeg + deltaHeadingDeg,
      elevationDeg: this.#goal.elevationDeg + deltaElevationDeg,
    })
  }

  /** Moves the target over the ground: right and forward as the viewer sees it, in metres. */
  pan(rightM: number, forwardM: number): void {
    const heading = (this.#goal.headingDeg * Math.PI) / 180
    const [x, y, z] = this.#goal.target
    this.#wish({
      ...this.#goal,
      target: [
        x + Math.cos(heading) * rightM + Math.sin(heading) * forwardM,
        y - Math.sin(heading) * rightM + Math.cos(heading) * forwardM,
        z * 0.98,
      ],
    })
  }

  /** Factor < 1 comes closer; `towards` on the ground stays where it is on the screen. */
  zoom(factor: number, towards?: SitePoint): void {
    const distanceM = Math.max(minDistanceM, Math.min(this.limits.maxDistanceM, this.#goal.distanceM * factor))
    const share = towards ? 1 - distanceM / this.#goal.distanceM : 0
    const [x, y, z] = this.#goal.target
    const target: SitePoint = towards ? [x + (towards[0] - x) * share, y + (towards[1] - y) * share, z] : [x, y, z]
    this.#wish({ ...this.#goal, distanceM, target })
  }

  /** Advances by `dtMs`; true while still moving. */
  step(dtMs: number): boolean {
    if (this.#flight) return this.#stepFlight(this.#flight, dtMs)
    const share = 1 - Math.exp(-dtMs / 70)
    const next = blend(this.#now, this.#goal, share)
    if (apart(next, this.#goal) < 1e-3) {
      const moved = apart(this.#now, this.#goal) > 0
      this.#now = this.#goal
      return moved
    }
    this.#now = next
    return true
  }

  #stepFlight(flight: Flight, dtMs: number): boolean {
    flight.spentMs += dtMs
    const t = Math.min(1, flight.spentMs / flight.lastsMs)
    const eased = t < 0.5 ? 4 * t ** 3 : 1 - (-2 * t + 2) ** 3 / 2
    this.#now = blend(flight.from, flight.to, eased)
    if (t >= 1) {
      this.#flight = undefined
      this.#now = flight.to
    }
    return true
  }

  #wish(view: View): void {
    if (this.#flight) {
      this.#flight = undefined
      this.#goal = this.#now
    }
    this.#goal = clampView(view, this.limits)
  }
}

/** The short way round for headings, equal ratios for distances. */
function blend(a: View, b: View, t: number): View {
  const [x, y, z] = a.target
  return {
    target: [x + (b.target[0] - x) * t, y + (b.target[1] - y) * t, z + (b.target[2] - z) * t],
    headingDeg: turnedDeg(a.headingDeg + shortTurnDeg(a.headingDeg, b.headingDeg) * t),
    elevationDeg: a.elevationDeg + (b.elevationDeg - a.elevationDeg) * t,
    distanceM: a.distanceM === b.distanceM ? b.distanceM : a.distanceM * (b.distanceM / a.distanceM) ** t,
  }
}

function apart(a: View, b: View): number {
  const turn = Math.abs(shortTurnDeg(a.headingDeg, b.headingDeg))
  const shift = Math.hypot(b.target[0] - a.target[0], b.target[1] - a.target[1], b.target[2] - a.target[2])
  return (
    shift / a.distanceM +
    turn / 60 +
    Math.abs(a.elevationDeg - b.elevationDeg) / 60 +
    Math.abs(1 - a.distanceM / b.distanceM)
  )
}
