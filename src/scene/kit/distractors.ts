import { createRandom } from '../../platform/random.ts'
import { type KitMesh, MeshBuilder, rgb, type Vec3 } from './mesh.ts'

const cloths = ['#c0392b', '#e0c23a', '#2f5fa8', '#f0f0ee', '#3f8f5a', '#d9702b', '#23262e'].map(rgb)
const feathers = ['#3a3d42', '#77787a', '#d9d8d2', '#5a4632'].map(rgb)
const scraps = ['#8a5a2b', '#b8862f', '#6b7a35', '#ecebe6', '#d5dde4', '#7a3d22'].map(rgb)
const hides = ['#23262e', '#3b4a5e', '#7a2f2a', '#8d7a5c', '#2f5f4a', '#b9b4a6', '#c9772e'].map(rgb)
const twoPi = 2 * Math.PI

const pick = <T>(items: readonly T[], share: number): T => items[Math.floor(share * items.length)] as T

/** A sheet seen from both sides. */
function sheet(builder: MeshBuilder, a: Vec3, b: Vec3, c: Vec3, d: Vec3, color: Parameters<MeshBuilder['quad']>[4]) {
  builder.quad(a, b, c, d, color)
  builder.quad(d, c, b, a, color)
}

/** A flag on a pole of `heightM`; its cloth flies along +y and waves with `phase`. */
export function flagMesh(look: number, heightM: number, phase: number): KitMesh {
  const builder = new MeshBuilder()
  const random = createRandom(look).fork('flag')
  const [first, second] = [pick(cloths, random.next()), pick(cloths, random.next())]
  const length = heightM * random.between(0.22, 0.4)
  const drop = length * random.between(0.55, 1.6)
  const amplitude = length * random.between(0.06, 0.2)
  builder.tube([0, 0, 0], [0, 0, heightM], 0.05, 0.03, rgb('#b9bec2'), 6, true)
  const columns = 6
  const at = (k: number, z: number): Vec3 => {
    const share = k / columns
    const sway = amplitude * share * Math.sin(phase - share * 5)
    return [sway, 0.04 + share * length, z - 0.12 * length * share * (1 + Math.sin(phase * 0.5))]
  }
  for (let k = 0; k < columns; k++) {
    const middle = heightM - drop / 2
    sheet(builder, at(k, heightM), at(k + 1, heightM), at(k + 1, middle), at(k, middle), first)
    sheet(builder, at(k, middle), at(k + 1, middle), at(k + 1, heightM - drop), at(k, heightM - drop), second)
  }
  return builder.build()
}

/** A bird of `spanM` from wing tip to wing tip, facing +y; `phase` beats the wings. */
export function birdMesh(look: number, spanM: number, phase: number): KitMesh {
  const builder = new MeshBuilder()
  const color = pick(feathers, createRandom(look).fork('bird').next())
  const beat = 0.32 * Math.sin(phase) * spanM
  builder.ellipsoid([0, 0, 0], [0.09 * spanM, 0.26 * spanM, 0.09 * spanM], color, 6, 4)
  builder.ellipsoid([0, 0.28 * spanM, 0.05 * spanM], [0.06 * spanM, 0.08 * spanM, 0.06 * spanM], color, 5, 4)
  for (const side of [-1, 1]) {
    const root = side * 0.07 * spanM
    const tip = side * 0.5 * spanM
    const low = -0.1 * spanM
    const high = 0.14 * spanM
    sheet(builder, [root, low, 0], [tip, low * 0.6, beat], [tip, high * 0.5, beat], [root, high, 0], color)
  }
  return builder.build()
}

/** A leaf, a sheet of paper or a plastic bag of `sizeM` that tumbles with `phase` about its middle. */
export function litterMesh(look: number, sizeM: number, phase: number): KitMesh {
  const builder = new MeshBuilder()
  const random = createRandom(look).fork('litter')
  const color = pick(scraps, random.next())
  const turned = phase + random.between(0, twoPi)
  const [c, s] = [Math.cos(turned), Math.sin(turned)]
  const half = sizeM / 2
  const bulge = half * random.between(0, 0.7)
  const at = (x: number, y: number, z: number): Vec3 => [x, y * c - z * s, half + y * s + z * c]
  const [a, b, d, e] = [at(-half, -half, 0), at(half, -half, 0), at(half, half, 0), at(-half, half, 0)]
  const top = at(0, 0, bulge)
  const bottom = at(0, 0, -bulge * 0.5)
  for (const [from, to] of [
    [a, b],
    [b, d],
    [d, e],
    [e, a],
  ] as const) {
    builder.triangle(from, to, top, color)
    builder.triangle(to, from, bottom, color)
  }
  return builder.build()
}

/** A suitcase, a rucksack or a carton of `sizeM`, its longest side. */
export function luggageMesh(look: number, sizeM: number): KitMesh {
  const builder = new MeshBuilder()
  const random = createRandom(look).fork('luggage')
  const color = pick(hides, random.next())
  const kind = random.integer(0, 2)
  if (kind === 0) {
    builder.box([0, 0, 0.04], [0.62 * sizeM, 0.36 * sizeM, 0.9 * sizeM], color)
    builder.box([0, 0, 0.04 + 0.9 * sizeM], [0.28 * sizeM, 0.05 * sizeM, 0.06 * sizeM], hides[0] as typeof color)
  } else if (kind === 1) {
    builder.ellipsoid([0, 0, 0.48 * sizeM], [0.34 * sizeM, 0.24 * sizeM, 0.48 * sizeM], color, 8, 6)
    builder.ellipsoid([0, 0.2 * sizeM, 0.3 * sizeM], [0.24 * sizeM, 0.14 * sizeM, 0.24 * sizeM], color, 6, 4)
  } else builder.box([0, 0, 0], [sizeM, 0.7 * sizeM, 0.6 * sizeM], color)
  return builder.build()
}
