import { hashString } from '../../platform/random.ts'

/** Smooth seeded noise over a line, −1…1: the same place always gives the same value, so time may be asked in any order. */
export type Noise = (x: number) => number

export function createNoise(seed: number, label: string): Noise {
  const salt = hashString(`${seed}:${label}`)
  return (x) => {
    const cell = Math.floor(x)
    const t = x - cell
    const ease = t * t * (3 - 2 * t)
    const a = lattice(salt, cell)
    return a + (lattice(salt, cell + 1) - a) * ease
  }
}

/** Integer hash with good avalanche (triple32 by Chris Wellons, public domain). */
function lattice(salt: number, cell: number): number {
  let h = (Math.imul(cell, 0x9e3779b1) ^ salt) >>> 0
  h = Math.imul(h ^ (h >>> 17), 0xed5ad4bb)
  h = Math.imul(h ^ (h >>> 11), 0xac4c1b51)
  h = Math.imul(h ^ (h >>> 15), 0x31848bab)
  return ((h ^ (h >>> 14)) >>> 0) / 2147483648 - 1
}

export function clamp(value: number, min: number, max: number): number {
  return Math.max(min, Math.min(max, value))
}
