/**
 * Things that catch a camera's eye and mean nothing: stray animals, birds, flags, litter in the wind, shades of clouds
 * and leaves, beams of passing cars, wet ground. Planned once from a seed; where they are is a pure function of time.
 */
import type { Distractor, WorldActor } from '../contract/sim-world.ts'
import type { Random } from '../platform/random.ts'
import { roundTo } from './publishing.ts'

export interface DistractorScene {
  /** A place on open ground, east and north, where something so tall would be seen; undefined where there is none. */
  readonly place: (tallM: number) => readonly [number, number] | undefined
  readonly windMps: number
  /** Lamps and headlights show. */
  readonly dark: boolean
  /** The sun throws shadows. */
  readonly sunny: boolean
  readonly rainMmPerH: number
}

export type DistractorCounts = Readonly<
  Record<'animal' | 'bird' | 'flag' | 'litter' | 'cloudShade' | 'leafShade' | 'beam', number>
>

export interface DistractorsNow {
  readonly animals: readonly WorldActor[]
  readonly distractors: readonly Distractor[]
  readonly wet: number
}

export interface DistractorPlan {
  /** `timeS` counts from the plan's own beginning. */
  at(timeS: number): DistractorsNow
}

type Moving<T> = (timeS: number) => T
const twoPi = 2 * Math.PI

/** A usual mix: most moments have few or none of each. */
export function usualCounts(random: Random, scene: DistractorScene): DistractorCounts {
  const some = (share: number, most: number) => (random.next() < share ? random.integer(1, most) : 0)
  return {
    animal: some(0.35, 2),
    bird: some(0.25, 4),
    flag: some(0.25, 3),
    litter: scene.windMps > 2 ? some(0.4, 5) : some(0.1, 2),
    cloudShade: scene.sunny ? some(0.3, 2) : 0,
    leafShade: scene.sunny ? some(0.4, 3) : 0,
    beam: scene.dark ? some(0.4, 2) : 0,
  }
}

export function planDistractors(
  random: Random,
  scene: DistractorScene,
  counts: DistractorCounts = usualCounts(random, scene),
): DistractorPlan {
  const animals = repeat(counts.animal, (i) => animal(random, scene, i))
  const distractors = [
    ...repeat(counts.bird, () => bird(random, scene)),
    ...repeat(counts.flag, () => flag(random, scene)),
    ...repeat(counts.litter, () => litter(random, scene)),
    ...repeat(counts.cloudShade, () => cloudShade(random, scene)),
    ...repeat(counts.leafShade, () => leafShade(random, scene)),
    ...repeat(counts.beam, () => beam(random, scene)),
  ]
  const wet = scene.rainMmPerH > 0.1 ? Math.min(1, 0.35 + scene.rainMmPerH / 8) : 0
  return {
    at: (timeS) => ({
      animals: animals.map((one) => one(timeS)),
      distractors: distractors.map((one) => one(timeS)),
      wet,
    }),
  }
}

function repeat<T>(count: number, make: (i: number) => T | undefined): T[] {
  return Array.from({ length: count }, (_, i) => make(i)).filter((made) => made !== undefined)
}

const lookOf = (random: Random) => random.integer(0, 100_000)
const headingOf = (east: number, north: number) => roundTo((Math.atan2(east, north) * 180) / Math.PI, 1)

/** Trots to and fro between two places, with a rest at each end. */
function animal(random: Random, scene: DistractorScene, index: number): Moving<WorldActor> | undefined {
  const from = scene.place(0.5)
  const to = scene.place(0.5)
  if (!from || !to) return undefined
  const look = lookOf(random)
  const far = Math.max(0.5, Math.hypot(to[0] - from[0], to[1] - from[1]))
  const mps = random.between(0.6, 3.2)
  const restS = random.between(0.5, 6)
  const start = random.between(0, 30)
  const tripS = far / mps
  return (timeS) => {
    const round = (((timeS + start) % (2 * (tripS + restS))) + 2 * (tripS + restS)) % (2 * (tripS + restS))
    const back = round >= tripS + restS
    const walkedS = Math.min(tripS, back ? round - tripS - restS : round)
    const share = back ? 1 - walkedS / tripS : walkedS / tripS
    const moves = walkedS < tripS
    const [east, north] = [to[0] - from[0], to[1] - from[1]]
    return {
      id: `stray-${index}`,
      kind: 'animal',
      at: [roundTo(from[0] + east * share, 3), roundTo(from[1] + north * share, 3), 0],
      headingDeg: back ? headingOf(-east, -north) : headingOf(east, north),
      speedMps: moves ? roundTo(mps, 2) : 0,
      phase: roundTo((walkedS * mps * 4.2) % twoPi, 3),
      look,
    }
  }
}

/** Crosses low over the ground, or hops about on it. */
function bird(random: Random, scene: DistractorScene): Moving<Distractor> | undefined {
  const from = scene.place(0.4)
  if (!from) return undefined
  const look = lookOf(random)
  const flies = random.next() < 0.6
  const heading = random.between(0, twoPi)
  const mps = flies ? random.between(4, 10) : random.between(0.1, 0.5)
  const upM = flies ? random.between(0.8, 4.5) : 0.12
  const sizeM = roundTo(flies ? random.between(0.4, 1.1) : random.between(0.25, 0.5), 2)
  const turnS = flies ? 14 : 8
  const start = random.between(0, turnS)
  return (timeS) => {
    const t = ((((timeS + start) % turnS) + turnS) % turnS) - turnS / 2
    const beat = flies ? timeS * 11 : timeS * 1.3
    return {
      kind: 'bird',
      at: [
        roundTo(from[0] + Math.sin(heading) * mps * t, 3),
        roundTo(from[1] + Math.cos(heading) * mps * t, 3),
        roundTo(upM + (flies ? 0.3 * Math.sin(timeS * 0.9 + start) : 0), 3),
      ],
      headingDeg: roundTo((heading * 180) / Math.PI, 1),
      phase: roundTo((beat + start) % twoPi, 3),
      sizeM,
      strength: 1,
      look,
    }
  }
}

function flag(random: Random, scene: DistractorScene): Moving<Distractor> | undefined {
  const at = scene.place(3)
  if (!at) return undefined
  const look = lookOf(random)
  const sizeM = roundTo(random.between(1.2, 7), 1)
  const headingDeg = random.between(0, 360)
  const rate = 1.5 + 1.1 * scene.windMps * random.between(0.6, 1.4)
  const start = random.between(0, twoPi)
  return (timeS) => ({
    kind: 'flag',
    at: [at[0], at[1], 0],
    headingDeg: roundTo(headingDeg + 14 * Math.sin(timeS * 0.7 + start), 1),
    phase: roundTo((timeS * rate + start) % twoPi, 3),
    sizeM,
    strength: 1,
    look,
  })
}

/** Rolls and flutters downwind, stops, goes on. */
function litter(random: Random, scene: DistractorScene): Moving<Distractor> | undefined {
  const from = scene.place(0.3)
  if (!from) return undefined
  const look = lookOf(random)
  const sizeM = roundTo(random.next() < 0.6 ? random.between(0.1, 0.25) : random.between(0.3, 0.7), 2)
  const heading = random.between(0, twoPi)
  const mps = Math.max(0.3, scene.windMps) * random.between(0.3, 0.8)
  const turnS = random.between(9, 16)
  const start = random.between(0, turnS)
  const hopM = random.between(0.05, 1.2)
  return (timeS) => {
    const t = (((timeS + start) % turnS) + turnS) % turnS
    const along = mps * (t - 0.8 * Math.sin(t)) - (mps * turnS) / 2
    const sway = 0.5 * Math.sin(t * 1.7)
    return {
      kind: 'litter',
      at: [
        roundTo(from[0] + Math.sin(heading) * along + Math.cos(heading) * sway, 3),
        roundTo(from[1] + Math.cos(heading) * along - Math.sin(heading) * sway, 3),
        roundTo(hopM * Math.abs(Math.sin(t * 1.1)) ** 3, 3),
      ],
      headingDeg: roundTo((heading * 180) / Math.PI, 1),
      phase: roundTo((along * 2.5) % twoPi, 3),
      sizeM,
      strength: 1,
      look,
    }
  }
}

/** The shade of a small cloud drifts over. */
function cloudShade(random: Random, scene: DistractorScene): Moving<Distractor> | undefined {
  const middle = scene.place(1)
  if (!middle) return undefined
  const sizeM = roundTo(random.between(8, 30), 1)
  const heading = random.between(0, twoPi)
  const mps = random.between(2, 9)
  const strength = roundTo(random.between(0.4, 0.95), 2)
  const turnS = (2 * sizeM + 60) / mps
  const start = random.between(0, turnS)
  return (timeS) => {
    const along = mps * (((((timeS + start) % turnS) + turnS) % turnS) - turnS / 2)
    return {
      kind: 'cloudShade',
      at: [roundTo(middle[0] + Math.sin(heading) * along, 2), roundTo(middle[1] + Math.cos(heading) * along, 2), 0],
      headingDeg: roundTo((heading * 180) / Math.PI, 1),
      phase: 0,
      sizeM,
      strength,
      look: 0,
    }
  }
}

function leafShade(random: Random, scene: DistractorScene): Moving<Distractor> | undefined {
  const at = scene.place(1)
  if (!at) return undefined
  const sizeM = roundTo(random.between(1.5, 5), 1)
  const strength = roundTo(random.between(0.4, 0.95), 2)
  const rate = 0.8 + 0.4 * scene.windMps
  const start = random.between(0, 100)
  return (timeS) => ({
    kind: 'leafShade',
    at: [at[0], at[1], 0],
    headingDeg: 0,
    phase: roundTo(start + timeS * rate, 3),
    sizeM,
    strength,
    look: 0,
  })
}

/** A car turns somewhere beside the picture and its lamps sweep across. */
function beam(random: Random, scene: DistractorScene): Moving<Distractor> | undefined {
  const target = scene.place(1)
  if (!target) return undefined
  const bearing = random.between(0, twoPi)
  const farM = random.between(8, 25)
  const at: [number, number, number] = [
    roundTo(target[0] - Math.sin(bearing) * farM, 2),
    roundTo(target[1] - Math.cos(bearing) * farM, 2),
    0.7,
  ]
  const swing = random.between(25, 70) * (random.next() < 0.5 ? -1 : 1)
  const turnS = random.between(6, 14)
  const start = random.between(0, turnS)
  const strength = roundTo(random.between(0.4, 1), 2)
  return (timeS) => {
    const share = ((((timeS + start) % turnS) + turnS) % turnS) / turnS
    const shines = Math.min(1, 6 * share, 6 * (1 - share))
    return {
      kind: 'beam',
      at,
      headingDeg: roundTo((bearing * 180) / Math.PI + swing * (share - 0.5), 2),
      phase: 0,
      sizeM: 45,
      strength: roundTo(strength * shines, 3),
      look: 0,
    }
  }
}
