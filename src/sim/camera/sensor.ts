import { createRandom, type Random } from '../../platform/random.ts'

/** Standard normal deviates × 32, reused from a random place each row. */
const tableSize = 1 << 15
const gaussian = ((): Int16Array => {
  const random = createRandom(0x5eed)
  return Int16Array.from({ length: tableSize }, () => Math.round(Math.max(-4, Math.min(4, random.normal())) * 32))
})()

/** Sensor noise of standard deviation `sigma` display levels; colour noise is a third of it in colour pictures. */
export function addNoise(rgba: Uint8ClampedArray, widthPx: number, sigma: number, mono: boolean, random: Random): void {
  if (sigma <= 0) return
  const scale = Math.round((sigma * 256) / 32)
  const rowBytes = widthPx * 4
  for (let row = 0; row < rgba.length; row += rowBytes) {
    let n = Math.floor(random.next() * tableSize)
    const stride = 1 + 2 * Math.floor(random.next() * 4)
    for (let i = row; i < row + rowBytes; i += 4) {
      n = (n + stride) & (tableSize - 1)
      const luma = ((gaussian[n] as number) * scale) >> 8
      if (mono) {
        rgba[i] = (rgba[i] as number) + luma
        rgba[i + 1] = (rgba[i + 1] as number) + luma
        rgba[i + 2] = (rgba[i + 2] as number) + luma
      } else {
        const a = ((gaussian[(n * 7 + 11) & (tableSize - 1)] as number) * scale) >> 9
        rgba[i] = (rgba[i] as number) + luma + a
        rgba[i + 1] = (rgba[i + 1] as number) + luma
        rgba[i + 2] = (rgba[i + 2] as number) + luma - a
      }
    }
  }
}

/** Falling rain: short bright streaks, more of them in heavier rain. */
export function addRain(
  rgba: Uint8ClampedArray,
  widthPx: number,
  heightPx: number,
  rainMmPerH: number,
  bright: number,
  random: Random,
): void {
  const count = Math.min(260, Math.round(rainMmPerH * 14))
  const slant = random.between(-0.25, 0.25)
  for (let k = 0; k < count; k++) {
    const length = random.integer(3, 12)
    const alpha = random.between(0.06, 0.22)
    let x = random.next() * widthPx
    const y0 = random.integer(-4, heightPx - 1)
    for (let y = Math.max(0, y0); y < Math.min(heightPx, y0 + length); y++, x += slant) {
      const px = x | 0
      if (px < 0 || px >= widthPx) break
      const i = (y * widthPx + px) * 4
      for (let c = 0; c < 3; c++) rgba[i + c] = (rgba[i + c] as number) + (bright - (rgba[i + c] as number)) * alpha
    }
  }
}

/** A 1-2-1 softening in both directions, blended in by `amount` 0…1: a lens slightly out of focus. */
export function soften(rgba: Uint8ClampedArray, widthPx: number, heightPx: number, amount: number): void {
  if (amount <= 0) return
  const side = amount * 0.25
  const middle = 1 - 2 * side
  for (const [step, count] of [
    [4, widthPx],
    [widthPx * 4, heightPx],
  ] as const) {
    // biome-ignore format: two passes
    const copy = rgba.slice()
    const span = step * count
    for (let i = 0; i < rgba.length; i++) {
      if ((i & 3) === 3) continue
      const at = i % span
      if (at < step || at >= span - step) continue
      rgba[i] = middle * (copy[i] as number) + side * ((copy[i - step] as number) + (copy[i + step] as number))
    }
  }
}
