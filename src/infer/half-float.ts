/** IEEE 754 binary16 as bits, for runtimes without `Float16Array`. */

const single = new Float32Array(1)
const singleBits = new Uint32Array(single.buffer)

/** Nearest half; too large becomes infinity. */
export function halfBits(value: number): number {
  single[0] = value
  const bits = singleBits[0] as number
  const sign = (bits >>> 16) & 0x8000
  const magnitude = bits & 0x7fffffff
  if (magnitude > 0x7f800000) return sign | 0x7e00
  if (magnitude >= 0x477ff000) return sign | 0x7c00
  // Below 2^-14 halves are multiples of 2^-24.
  if (magnitude < 0x38800000) return sign | Math.round(Math.abs(single[0] as number) * 2 ** 24)
  // Rounds to even by adding just under one half of the last place, and one more where that place is odd.
  return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13)
}

export function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >>> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
