/** Saturation pressure over water, Pa (Magnus form, Alduchov & Eskridge 1996). */
export function saturationPa(celsius: number): number {
  return 610.94 * Math.exp((17.625 * celsius) / (celsius + 243.04))
}

const pressurePa = 101_325

/** Grams of vapour per kilogram of dry air. */
export function mixingRatio(celsius: number, relativePct: number): number {
  const vapourPa = (saturationPa(celsius) * relativePct) / 100
  return (622 * vapourPa) / (pressurePa - vapourPa)
}

export function relativeHumidity(celsius: number, gramsPerKg: number): number {
  const vapourPa = (pressurePa * gramsPerKg) / (622 + gramsPerKg)
  return Math.min(100, (100 * vapourPa) / saturationPa(celsius))
}
