/** How the camera exposes: auto gain with a limit, so that dark scenes stay dark and get noisy. */
export interface Exposure {
  readonly gain: number
  /** Black and white: the infrared filter is out. */
  readonly mono: boolean
  readonly infrared: boolean
  /** Standard deviation of sensor noise in display levels at mid grey. */
  readonly noise: number
}

const target = 0.2
const gainLimit = 75

export function needsInfrared(meanLinear: number, dark: boolean): boolean {
  return dark && meanLinear < 0.0011
}

export function exposureFor(meanLinear: number, infrared: boolean, bias: number): Exposure {
  const gain = Math.min(gainLimit, Math.max(0.3, target / Math.max(1e-6, meanLinear))) * bias
  return { gain, mono: infrared, infrared, noise: 1 + 3.6 * Math.sqrt(gain / gainLimit) }
}

const steps = 4096
const reach = 4
/** Film-like shoulder, then the display's gamma. */
const table = Uint8Array.from({ length: steps }, (_, i) => {
  const x = (i / (steps - 1)) ** 2 * reach
  return Math.round(255 * Math.min(1, 1.04 * (1 - Math.exp(-1.55 * x))) ** (1 / 2.2))
})

/** Display value 0…255 of exposed linear light. */
export function toneOf(linear: number): number {
  if (!(linear > 0)) return 0
  const i = (Math.sqrt(linear / reach) * (steps - 1)) | 0
  return table[i < steps ? i : steps - 1] as number
}
