import { clamp } from './noise.ts'

/**
 * Electric power of a water-cooled chiller: nameplate COP, a quadratic part-load curve and a 2 % change per
 * kelvin of condenser-side weather (shape of the DOE-2 EIR curves). Below its least load it wastes the rest.
 */
export function chillerKw(
  heatKw: number,
  capacityKw: number,
  cop: number,
  outdoorC: number,
  chilledC: number,
  minLoadShare: number,
): number {
  const share = clamp(heatKw / capacityKw, minLoadShare, 1)
  const partLoad = 0.22 + 0.33 * share + 0.45 * share * share
  const lift = 1 + 0.02 * (outdoorC - 29) - 0.025 * (chilledC - 7)
  return (capacityKw / cop) * partLoad * clamp(lift, 0.6, 1.4)
}

/** Affinity law: fan and pump power goes with the cube of speed; drives keep some loss. */
export function motorKw(ratedKw: number, speedShare: number): number {
  return speedShare <= 0 ? 0 : ratedKw * (0.04 + 0.96 * speedShare ** 3)
}

/** Air-to-water heat pump: falls with frost, rises with mild weather. */
export function heatPumpCop(nominalCop: number, outdoorC: number): number {
  return clamp(nominalCop * (1 + 0.025 * (outdoorC - 7)), 1.6, 5)
}
