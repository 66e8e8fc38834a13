/** A growing room fire: t² heat release (NFPA 92), with yields of CO₂ and soot of mixed solids (SFPE Handbook). */
export interface FireSources {
  readonly heatKw: number
  readonly co2Lps: number
  readonly dustUgps: number
  readonly vapourGps: number
}

/** Slow growth of NFPA 92: 1055 kW after 600 s. */
const growthKwPerS2 = 0.00293
const largestKw = 260

export function fireHeatKw(ageS: number): number {
  return Math.min(largestKw, growthKwPerS2 * Math.max(0, ageS) ** 2 + 0.4 * Math.min(1, Math.max(0, ageS) / 10))
}

export function fireSources(heatKw: number): FireSources {
  const fuelGps = heatKw / 18
  return {
    heatKw,
    co2Lps: fuelGps * 1.5 * 0.55,
    dustUgps: fuelGps * 0.012 * 1e6,
    vapourGps: fuelGps * 0.5,
  }
}

/** 0…1 for pictures. */
export function fireIntensity(heatKw: number): number {
  return Math.min(1, Math.sqrt(heatKw / largestKw))
}

/** Warming at a detector away from the plume's axis (Alpert 1972, Fire Technology 8), K. */
export function ceilingJetK(heatKw: number, distanceM: number, heightM: number): number {
  if (heatKw <= 0) return 0
  return (5.38 * (heatKw / Math.max(1, distanceM)) ** (2 / 3)) / Math.max(2, heightM)
}
