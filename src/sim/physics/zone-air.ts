/**
 * One room: two thermal nodes (air with furniture, and the mass of floors and walls), and balances of CO₂,
 * vapour and fine dust. Resistance–capacitance in the manner of ISO 13790's simple hourly method, solved
 * implicitly so that steps from one second to some minutes are stable.
 */
import { clamp } from './noise.ts'

export interface ZoneParams {
  readonly areaM2: number
  readonly volumeM3: number
  readonly airJpK: number
  readonly massJpK: number
  readonly massCouplingWpK: number
  readonly envelopeWpK: number
  readonly infiltrationM3ps: number
  /** Cooling and heating the coil can give at most, W. */
  readonly coolW: number
  readonly heatW: number
}

export interface ZoneState {
  airC: number
  massC: number
  co2Ppm: number
  vapourGpKg: number
  pm25: number
}

export interface ZoneInput {
  readonly outdoorC: number
  readonly outdoorVapourGpKg: number
  readonly outdoorPm25: number
  /** Sun through the glass, W. */
  readonly solarW: number
  /** People, lights, equipment, fire: sensible heat, W. */
  readonly internalW: number
  readonly people: number
  /** Fresh air by the air handler and its supply temperature. */
  readonly freshM3ps: number
  readonly freshC: number
  /** Through open windows and doors, at outdoor state. */
  readonly openM3ps: number
  /** Air through the coil's filter. */
  readonly filteredM3ps: number
  readonly coolAboveC: number
  readonly heatBelowC: number
  /** 0…1 of the coil's nameplate that plant and fan can give now. */
  readonly coolShare: number
  readonly heatShare: number
  /** Further sources: CO₂ L/s, vapour g/s, dust µg/s. */
  readonly co2Lps: number
  readonly vapourGps: number
  readonly dustUgps: number
}

/** Heat that the coil took away (cooling) or gave (heating) during the step, W, both ≥ 0. */
export interface CoilHeat {
  coolW: number
  heatW: number
}

const airJpM3K = 1206
const airKgpM3 = 1.2
export const outdoorCo2Ppm = 425
/** Adult at light work: 0.0052 L/s of CO₂ (ASTM D6245), 75 W sensible, 55 g/h vapour. */
export const personCo2Lps = 0.0052
export const personSensibleW = 75
const personVapourGps = 55 / 3600
/** Offset below the setpoint band where the coil opens fully. */
const proportionalBandK = 0.8

export function stepZone(p: ZoneParams, s: ZoneState, x: ZoneInput, dtS: number, coil: CoilHeat): void {
  const outsideM3ps = p.infiltrationM3ps + x.openM3ps
  stepHeat(p, s, x, dtS, outsideM3ps, coil)
  const exchangePs = (outsideM3ps + x.freshM3ps) / p.volumeM3
  const co2Gain = ((x.people * personCo2Lps + x.co2Lps) * 1000) / p.volumeM3
  s.co2Ppm = relax(s.co2Ppm, outdoorCo2Ppm, exchangePs, co2Gain, dtS)
  const vapourGain = (x.people * personVapourGps + x.vapourGps) / (p.volumeM3 * airKgpM3)
  // the wet coil draws the room towards its apparatus dew point, some 10 g/kg at 13–14 °C
  const dryingPs = coil.coolW > 0 ? (0.25 * coil.coolW) / (p.volumeM3 * airJpM3K * 9) : 0
  const drying = s.vapourGpKg > 9.6 ? dryingPs : 0
  const vapourPull = exchangePs + drying
  const vapourTarget = vapourPull > 0 ? (exchangePs * x.outdoorVapourGpKg + drying * 9.6) / vapourPull : 0
  s.vapourGpKg = Math.max(0.5, relax(s.vapourGpKg, vapourTarget, vapourPull, vapourGain, dtS))
  stepDust(p, s, x, dtS, outsideM3ps)
}

/** dc/dt = rate·(target − c) + gain, exactly. */
function relax(value: number, target: number, ratePs: number, gainPs: number, dtS: number): number {
  if (ratePs < 1e-9) return value + gainPs * dtS
  const end = target + gainPs / ratePs
  return end + (value - end) * Math.exp(-ratePs * dtS)
}

function stepDust(p: ZoneParams, s: ZoneState, x: ZoneInput, dtS: number, outsideM3ps: number): void {
  // penetration 0.8 through cracks, half is caught by the air handler, deposition 0.25 1/h, F7 filter 0.5
  const inflow = (0.8 * p.infiltrationM3ps + x.openM3ps + 0.5 * x.freshM3ps) / p.volumeM3
  const removalPs = (outsideM3ps + x.freshM3ps + 0.5 * x.filteredM3ps) / p.volumeM3 + 0.25 / 3600
  const gain = inflow * x.outdoorPm25 + x.dustUgps / p.volumeM3
  s.pm25 = Math.max(0, relax(s.pm25, 0, removalPs, gain, dtS))
}

function stepHeat(p: ZoneParams, s: ZoneState, x: ZoneInput, dtS: number, outsideM3ps: number, coil: CoilHeat): void {
  const hOut = p.envelopeWpK + outsideM3ps * airJpM3K
  const hFresh = x.freshM3ps * airJpM3K
  const hMass = p.massCouplingWpK
  // a third of the sun warms the air at once, the rest the floor
  const airGainW = x.internalW + 0.35 * x.solarW
  const massGainW = 0.65 * x.solarW
  const massDen = p.massJpK / dtS + hMass
  const airDen = p.airJpK / dtS + hOut + hFresh + hMass - (hMass * hMass) / massDen
  const massDrive = (p.massJpK / dtS) * s.massC + massGainW
  const freeC =
    ((p.airJpK / dtS) * s.airC + hOut * x.outdoorC + hFresh * x.freshC + airGainW + (hMass * massDrive) / massDen) /
    airDen
  const airC = controlled(freeC, airDen, p, x, coil)
  s.airC = airC
  s.massC = (massDrive + hMass * airC) / massDen
}

/** Proportional coil, solved together with the room so that long steps do not hunt. */
function controlled(freeC: number, airDen: number, p: ZoneParams, x: ZoneInput, coil: CoilHeat): number {
  coil.coolW = 0
  coil.heatW = 0
  const coolMaxW = p.coolW * x.coolShare
  const heatMaxW = p.heatW * x.heatShare
  if (freeC > x.coolAboveC && coolMaxW > 0) {
    const gainWpK = coolMaxW / proportionalBandK
    const settledC = (airDen * freeC + gainWpK * x.coolAboveC) / (airDen + gainWpK)
    coil.coolW = clamp(gainWpK * (settledC - x.coolAboveC), 0, coolMaxW)
    return freeC - coil.coolW / airDen
  }
  if (freeC < x.heatBelowC && heatMaxW > 0) {
    const gainWpK = heatMaxW / proportionalBandK
    const settledC = (airDen * freeC + gainWpK * x.heatBelowC) / (airDen + gainWpK)
    coil.heatW = clamp(gainWpK * (x.heatBelowC - settledC), 0, heatMaxW)
    return freeC + coil.heatW / airDen
  }
  return freeC
}
