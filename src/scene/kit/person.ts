import { createRandom } from '../../platform/random.ts'
import { type KitMesh, MeshBuilder, mix, type Rgb, rgb, shade, type Vec3 } from './mesh.ts'

/** How a person is built and dressed; a function of `look` alone. */
export interface PersonLook {
  readonly heightM: number
  /** 0 slim … 1 broad. */
  readonly breadth: number
  readonly skin: Rgb
  readonly hair: Rgb
  readonly top: Rgb
  readonly legs: Rgb
  readonly shoes: Rgb
  readonly coat: boolean
  readonly vest: boolean
  readonly helmet: Rgb | undefined
  readonly hood: boolean
  readonly backpack: Rgb | undefined
}

const skins = ['#f0d0b4', '#d9a982', '#b98258', '#8c5a38', '#5f3a26'].map(rgb)
const hairs = ['#1d1714', '#3a2a1e', '#6b4a2b', '#9a9a96', '#c7a46a'].map(rgb)
const tops = [
  '#24324a', '#7d2b2b', '#e6e2d8', '#41634a', '#2a2a2c', '#b9863c', '#7f8a94', '#3b6ea5', '#c9c4b4', '#5c3d63', '#9e4a2c', '#d8d8dc',
].map(rgb) // biome-ignore format: a palette reads better as a row
const trousers = ['#23262e', '#39445a', '#6b6252', '#8b8f94', '#2c2522', '#4b5b45', '#b5a88f'].map(rgb)
const shoes = ['#17171a', '#5a4028', '#d6d6d2'].map(rgb)
const helmets = ['#f2c230', '#f0f0ee', '#3b6ea5', '#d9552b'].map(rgb)

const pickFrom = (items: readonly Rgb[], at: number): Rgb => items[Math.floor(at * items.length)] ?? [0.5, 0.5, 0.5]

export function personLook(look: number): PersonLook {
  const random = createRandom(look).fork('person')
  const broad = random.next() < 0.5
  const vest = random.next() < 0.22
  return {
    heightM: random.between(broad ? 1.68 : 1.58, broad ? 1.92 : 1.8),
    breadth: broad ? random.between(0.6, 1) : random.between(0, 0.4),
    skin: pickFrom(skins, random.next()),
    hair: pickFrom(hairs, random.next()),
    top: shade(pickFrom(tops, random.next()), random.between(0.8, 1.15)),
    legs: shade(pickFrom(trousers, random.next()), random.between(0.8, 1.15)),
    shoes: pickFrom(shoes, random.next()),
    coat: random.next() < 0.25,
    vest,
    helmet: random.next() < (vest ? 0.7 : 0.05) ? pickFrom(helmets, random.next()) : undefined,
    hood: random.next() < 0.15,
    backpack: random.next() < 0.22 ? pickFrom(tops, random.next()) : undefined,
  }
}

export interface PersonPose {
  /** Gait phase in radians; one stride is 2π. */
  readonly phase: number
  /** 0 standing … 1 walking … 1.6 running: the swing of the limbs. */
  readonly swing: number
  /** Bends the trunk forward, degrees. */
  readonly leanDeg?: number
}

/** Swing of the limbs at a walking or running speed. */
export function swingAtSpeed(speedMps: number): number {
  return Math.min(1.6, Math.max(0, speedMps) / 1.35)
}

interface Leg {
  readonly hip: Vec3
  readonly knee: Vec3
  readonly ankle: Vec3
  readonly toe: Vec3
}

/** Leg of unit height: lengths are shares of stature (Drillis & Contini 1966). */
function leg(side: number, phase: number, swing: number): Leg {
  const thigh = 0.42 * swing * Math.sin(phase)
  const bend = swing * (0.12 + 0.62 * Math.max(0, Math.cos(phase))) + 0.03
  const shin = thigh - bend
  const hip: Vec3 = [side * 0.055, 0, 0.53]
  const knee: Vec3 = [hip[0], 0.245 * Math.sin(thigh), hip[2] - 0.245 * Math.cos(thigh)]
  const ankle: Vec3 = [hip[0], knee[1] + 0.246 * Math.sin(shin), knee[2] - 0.246 * Math.cos(shin)]
  const foot = Math.max(-0.5, shin * 0.6)
  const toe: Vec3 = [
    ankle[0] + side * 0.012,
    ankle[1] + 0.105 * Math.cos(foot),
    ankle[2] - 0.028 + 0.08 * Math.sin(foot),
  ]
  return { hip, knee, ankle, toe }
}

function arm(side: number, shoulderHalf: number, phase: number, swing: number) {
  const upper = -0.42 * swing * Math.sin(phase)
  const fore = upper + 0.16 + 0.3 * swing + 0.2 * swing * Math.max(0, -Math.sin(phase))
  const shoulder: Vec3 = [side * shoulderHalf, 0, 0.815]
  const out = side * 0.022
  const elbow: Vec3 = [shoulder[0] + out, 0.175 * Math.sin(upper), shoulder[2] - 0.175 * Math.cos(upper)]
  const wrist: Vec3 = [elbow[0] + out * 0.2, elbow[1] + 0.15 * Math.sin(fore), elbow[2] - 0.15 * Math.cos(fore)]
  const hand: Vec3 = [wrist[0], wrist[1] + 0.05 * Math.sin(fore), wrist[2] - 0.05 * Math.cos(fore)]
  return { shoulder, elbow, wrist, hand }
}

/** A walking, running or standing person facing +y with the feet on z = 0; some 420 triangles. */
export function personMesh(look: PersonLook, pose: PersonPose): KitMesh {
  const builder = new MeshBuilder()
  const h = look.heightM
  const wide = 0.9 + 0.28 * look.breadth
  const left = leg(-1, pose.phase, pose.swing)
  const right = leg(1, pose.phase + Math.PI, pose.swing)
  const ground = Math.min(left.toe[2], right.toe[2], left.ankle[2] - 0.03, right.ankle[2] - 0.03) - 0.012
  const lean = Math.tan((((pose.leanDeg ?? 0) + 4 * pose.swing) * Math.PI) / 180)
  /** From shares of stature to metres, with the trunk leaning forward above the hip. */
  const place = (p: Vec3): Vec3 => [p[0] * h, (p[1] + lean * Math.max(0, p[2] - 0.53)) * h, (p[2] - ground) * h]
  addLegs(builder, look, place, [left, right], wide)
  addTrunk(builder, look, place, wide)
  for (const side of [-1, 1]) addArm(builder, look, place, side, wide, pose)
  addHead(builder, look, place)
  return builder.build()
}

type Place = (p: Vec3) => Vec3

function addLegs(builder: MeshBuilder, look: PersonLook, place: Place, legs: readonly Leg[], wide: number): void {
  const h = look.heightM
  for (const part of legs) {
    builder.tube(place(part.hip), place(part.knee), 0.052 * h * wide, 0.035 * h * wide, look.legs, 6)
    builder.tube(place(part.knee), place(part.ankle), 0.035 * h * wide, 0.024 * h, look.legs, 6)
    builder.tube(place(part.ankle), place(part.toe), 0.026 * h, 0.018 * h, look.shoes, 5, true)
  }
}

function addTrunk(builder: MeshBuilder, look: PersonLook, place: Place, wide: number): void {
  const h = look.heightM
  const ring = (z: number, rx: number, ry: number) => ({ at: place([0, 0, z]), rx: rx * h * wide, ry: ry * h * wide })
  const vestTone = rgb('#d8e02a')
  const middle = look.vest ? vestTone : look.top
  const band = look.vest ? rgb('#e8e8e8') : look.top
  const hem = look.coat ? 0.36 : 0.47
  builder.loft(
    [
      ring(hem, look.coat ? 0.105 : 0.094, look.coat ? 0.075 : 0.062),
      ring(0.54, 0.096, 0.066),
      ring(0.61, 0.086, 0.06),
      ring(0.66, 0.092, 0.064),
      ring(0.69, 0.097, 0.066),
      ring(0.76, 0.108, 0.068),
      ring(0.815, 0.104, 0.056),
      ring(0.845, 0.05, 0.04),
    ],
    [look.coat || look.vest ? look.top : look.legs, look.top, middle, band, middle, middle, middle, look.top],
    10,
  )
  if (look.backpack) {
    const at = place([0, -0.082 * wide, 0.63])
    builder.box(at, [0.17 * h, 0.09 * h, 0.19 * h], look.backpack)
  }
}

function addArm(builder: MeshBuilder, look: PersonLook, place: Place, side: number, wide: number, pose: PersonPose) {
  const h = look.heightM
  const joints = arm(side, 0.103 * wide, pose.phase + (side < 0 ? 0 : Math.PI), pose.swing)
  const bare = !look.coat && look.heightM * 100 - Math.floor(look.heightM * 100) < 0.3
  builder.tube(place(joints.shoulder), place(joints.elbow), 0.033 * h * wide, 0.025 * h, look.top, 6)
  builder.tube(place(joints.elbow), place(joints.wrist), 0.025 * h, 0.018 * h, bare ? look.skin : look.top, 6)
  builder.tube(place(joints.wrist), place(joints.hand), 0.018 * h, 0.016 * h, look.skin, 5, true)
}

function addHead(builder: MeshBuilder, look: PersonLook, place: Place): void {
  const h = look.heightM
  builder.tube(place([0, 0, 0.83]), place([0, 0.004, 0.88]), 0.034 * h, 0.03 * h, look.skin, 6)
  builder.ellipsoid(place([0, 0.008, 0.93]), [0.043 * h, 0.052 * h, 0.068 * h], look.skin, 8, 6)
  const cap = look.helmet ?? (look.hood ? look.top : look.hair)
  const rise = look.helmet ? 0.952 : 0.944
  const grow = look.helmet ? 1.22 : look.hood ? 1.2 : 1.06
  builder.ellipsoid(
    place([0, look.helmet ? 0.006 : -0.012, rise]),
    [0.045 * h * grow, 0.053 * h * grow, 0.056 * h * (look.hood ? 1.2 : 1)],
    cap,
    8,
    5,
  )
  if (look.helmet) builder.box(place([0, 0.055, 0.945]), [0.08 * h, 0.035 * h, 0.008 * h], mix(cap, [0, 0, 0], 0.1))
}
