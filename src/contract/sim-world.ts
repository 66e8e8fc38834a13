/**
 * Ground truth of the simulated world, for virtual cameras and evaluation code only. The twin never sees it.
 * Published some 8 times a second (simulated or wall, whichever is slower) while anybody could watch.
 */
import * as v from 'valibot'

const finite = v.pipe(v.number(), v.finite())

export const actorKinds = ['person', 'bicycle', 'car', 'truck', 'forklift', 'animal'] as const
export type ActorKind = (typeof actorKinds)[number]

export const worldActor = v.object({
  id: v.pipe(v.string(), v.maxLength(64)),
  kind: v.picklist(actorKinds),
  /** East, north, up of the point on the ground below the actor's centre, site metres. */
  at: v.tuple([finite, finite, finite]),
  headingDeg: finite,
  speedMps: finite,
  /** Gait or wheel phase in radians, so that limbs move. */
  phase: finite,
  /** Seeds clothing, paint and build. */
  look: v.pipe(v.number(), v.integer(), v.minValue(0)),
})
export type WorldActor = v.InferOutput<typeof worldActor>

/** What is in a picture and no label speaks of. Luggage stands until somebody takes it; all else means nothing to a park. */
const distractorKinds = ['flag', 'bird', 'litter', 'cloudShade', 'leafShade', 'beam', 'luggage'] as const

export const distractor = v.object({
  kind: v.picklist(distractorKinds),
  /** Foot, middle or lamp: east, north, up in site metres. */
  at: v.tuple([finite, finite, finite]),
  /** The way it flies, blows or shines. */
  headingDeg: finite,
  /** Wave, wing beat, tumble or sway in radians. */
  phase: finite,
  /** Height of the pole, wing span, size, radius of the shade or reach of the beam, metres. */
  sizeM: finite,
  /** How dark a shade is or how bright a beam, 0…1. */
  strength: finite,
  look: v.pipe(v.number(), v.integer(), v.minValue(0)),
})
export type Distractor = v.InferOutput<typeof distractor>

export const simWorldMessage = v.object({
  at: finite,
  /** Towards the sun, unit vector east-north-up; z < 0 is night. */
  sun: v.tuple([finite, finite, finite]),
  /** 0 clear … 1 overcast. */
  cloud: finite,
  /** Rain in mm/h. */
  rainMmPerH: finite,
  actors: v.pipe(v.array(worldActor), v.maxLength(2000)),
  /** Opening of doors, gates and barriers: 0 closed … 1 open, by device id. */
  openings: v.record(v.string(), finite),
  /** Light output 0…1 of zones (interior and area lighting), by zone id. */
  lights: v.record(v.string(), finite),
  /** Fires: seat on the floor, intensity 0…1, and smoke density 0…1. */
  fires: v.array(
    v.object({ zone: v.string(), at: v.tuple([finite, finite, finite]), intensity: finite, smoke: finite }),
  ),
  distractors: v.optional(v.pipe(v.array(distractor), v.maxLength(64))),
  /** How wet open ground is, 0 dry … 1 standing water. */
  wet: v.optional(finite),
})
export type SimWorldMessage = v.InferOutput<typeof simWorldMessage>
