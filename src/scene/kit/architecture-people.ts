import { addLimb, addSoftBody, type SoftRing } from './architecture-soft.ts'
import { type KitMesh, MeshBuilder, type Rgb, rgb, type Vec3 } from './mesh.ts'

/** A figure of an architectural model: legible from far, quiet in colour. */
interface Figure {
  readonly heightM: number
  /** Breadth over that of a slim figure. */
  readonly wide: number
  readonly top: Rgb
  readonly legs: Rgb
  readonly hair: Rgb
  readonly skin: Rgb
  /** Where the coat or shirt ends, as a share of the height. */
  readonly hem: number
  /** Gait: where in the stride, and how far the limbs swing. */
  readonly phase: number
  readonly swing: number
  readonly bag: boolean
}

const shoes = rgb('#3a3633')
const figures: readonly Figure[] = [
  { heightM: 1.8, wide: 1.06, top: rgb('#e6e1d6'), legs: rgb('#4a5261'), hair: rgb('#4b3a2d'), skin: rgb('#dcb392'), hem: 0.47, phase: 0.9, swing: 0.75, bag: false },
  { heightM: 1.7, wide: 0.94, top: rgb('#8494a8'), legs: rgb('#d8d2c6'), hair: rgb('#2a221d'), skin: rgb('#c99a76'), hem: 0.4, phase: 2.3, swing: 0.6, bag: true },
  { heightM: 1.76, wide: 1.02, top: rgb('#5d6673'), legs: rgb('#8b8578'), hair: rgb('#7a6650'), skin: rgb('#e5c3a5'), hem: 0.34, phase: 4.2, swing: 0.5, bag: false },
  { heightM: 1.68, wide: 0.96, top: rgb('#c4b39a'), legs: rgb('#3f4854'), hair: rgb('#1f1a17'), skin: rgb('#a9784f'), hem: 0.46, phase: 0.2, swing: 0.28, bag: false },
] // biome-ignore format: a figure a row

export const personVariants = figures.length

/** A walking person facing +y with the feet on z = 0; some 1,500 triangles. */
export function modelPerson(variant: number): KitMesh {
  const figure = figures[variant % figures.length] as Figure
  const builder = new MeshBuilder()
  const h = figure.heightM
  const legs = [-1, 1].map((side) => legOf(side, figure.phase + (side > 0 ? Math.PI : 0), figure.swing))
  const groundAt = Math.min(...legs.flatMap(({ heel, toe }) => [heel[2], toe[2]])) - 0.016
  const place = (p: Vec3): Vec3 => [
    p[0] * h,
    (p[1] + 0.05 * figure.swing * Math.max(0, p[2] - 0.5)) * h,
    (p[2] - groundAt) * h,
  ]
  const limb = (a: Vec3, b: Vec3, r0: number, r1: number, color: Rgb) =>
    addLimb(builder, place(a), place(b), [r0 * h, r1 * h], color)
  for (const { hip, knee, heel, toe } of legs) {
    limb(hip, knee, 0.05 * figure.wide, 0.036, figure.legs)
    limb(knee, heel, 0.036, 0.024, figure.legs)
    limb(heel, toe, 0.026, 0.018, shoes)
  }
  addTrunk(builder, figure, place)
  for (const side of [-1, 1]) {
    const { shoulder, elbow, hand } = armOf(side, figure)
    limb(shoulder, elbow, 0.033 * figure.wide, 0.026, figure.top)
    limb(elbow, hand, 0.026, 0.018, figure.top)
    builder.ellipsoid(place([hand[0], hand[1], hand[2] - 0.018]), [0.02 * h, 0.022 * h, 0.03 * h], figure.skin, 8, 5)
  }
  if (figure.bag) {
    const hand = armOf(1, figure).hand
    builder.box(place([hand[0], hand[1], hand[2] - 0.19]), [0.05 * h, 0.16 * h, 0.14 * h], rgb('#6f5a45'))
  }
  limb([0, 0.004, 0.83], [0, 0.01, 0.875], 0.031, 0.029, figure.skin)
  builder.ellipsoid(place([0, 0.014, 0.928]), [0.044 * h, 0.053 * h, 0.068 * h], figure.skin, 12, 8)
  builder.ellipsoid(place([0, -0.006, 0.945]), [0.049 * h, 0.055 * h, 0.06 * h], figure.hair, 12, 7)
  return builder.build()
}

function addTrunk(builder: MeshBuilder, { heightM: h, wide, top, hem, legs }: Figure, place: (p: Vec3) => Vec3): void {
  const ring = (z: number, x: number, y: number): SoftRing => ({
    at: place([0, 0, z]),
    half: [x * wide * h, y * wide * h],
  })
  addSoftBody(builder, [ring(0.45, 0.03, 0.03), ring(0.47, 0.082, 0.058), ring(0.54, 0.094, 0.064), ring(0.6, 0.07, 0.05)], legs, { along: 'up' }) // biome-ignore format: one body
  addSoftBody(
    builder,
    [
      ring(hem - 0.004, hem < 0.42 ? 0.06 : 0.07, 0.04),
      ring(hem, hem < 0.42 ? 0.108 : 0.098, hem < 0.42 ? 0.082 : 0.068),
      ring(0.55, 0.098, 0.068),
      ring(0.63, 0.088, 0.061),
      ring(0.71, 0.1, 0.067),
      ring(0.78, 0.11, 0.066),
      ring(0.815, 0.1, 0.056),
      ring(0.838, 0.062, 0.045),
      ring(0.85, 0.03, 0.03),
    ],
    top,
    { along: 'up', sides: 14 },
  )
}

/** Lengths are shares of stature (Drillis & Contini 1966). */
function legOf(side: number, phase: number, swing: number) {
  const thigh = 0.42 * swing * Math.sin(phase)
  const shin = thigh - swing * (0.1 + 0.6 * Math.max(0, Math.cos(phase))) - 0.03
  const hip: Vec3 = [side * 0.05, 0, 0.52]
  const knee: Vec3 = [side * 0.052, 0.245 * Math.sin(thigh), hip[2] - 0.245 * Math.cos(thigh)]
  const heel: Vec3 = [knee[0], knee[1] + 0.235 * Math.sin(shin), knee[2] - 0.235 * Math.cos(shin)]
  const pitch = Math.max(-0.6, shin * 0.7)
  const toe: Vec3 = [
    heel[0] + side * 0.012,
    heel[1] + 0.095 * Math.cos(pitch),
    heel[2] - 0.004 + 0.09 * Math.sin(pitch),
  ]
  return { hip, knee, heel, toe }
}

function armOf(side: number, { phase, swing, wide }: Figure) {
  const upper = -0.4 * swing * Math.sin(phase + (side > 0 ? Math.PI : 0))
  const fore = upper + 0.18 + 0.25 * swing
  const shoulder: Vec3 = [side * 0.105 * wide, 0, 0.795]
  const elbow: Vec3 = [shoulder[0] + side * 0.022, 0.17 * Math.sin(upper), shoulder[2] - 0.17 * Math.cos(upper)]
  const hand: Vec3 = [elbow[0] - side * 0.004, elbow[1] + 0.155 * Math.sin(fore), elbow[2] - 0.155 * Math.cos(fore)]
  return { shoulder, elbow, hand }
}
