const rad = Math.PI / 180

/**
 * Unit vector towards the sun, east-north-up. Low-precision solar position of the Astronomical Almanac
 * (good to 0.01° between 1950 and 2050; Michalsky 1988, Solar Energy 40(3)).
 */
export function sunDirection(
  atMs: number,
  latitudeDeg: number,
  longitudeDeg: number,
): readonly [number, number, number] {
  const days = atMs / 86_400_000 - 10_957.5 // since J2000.0
  const meanLongitude = 280.46 + 0.9856474 * days
  const anomaly = (357.528 + 0.9856003 * days) * rad
  const ecliptic = (meanLongitude + 1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly)) * rad
  const obliquity = (23.439 - 4e-7 * days) * rad
  const declination = Math.asin(Math.sin(obliquity) * Math.sin(ecliptic))
  const rightAscension = Math.atan2(Math.cos(obliquity) * Math.sin(ecliptic), Math.cos(ecliptic))
  const siderealDeg = 280.46061837 + 360.98564736629 * days + longitudeDeg
  const hourAngle = siderealDeg * rad - rightAscension
  const latitude = latitudeDeg * rad
  return [
    -Math.cos(declination) * Math.sin(hourAngle),
    Math.sin(declination) * Math.cos(latitude) - Math.cos(declination) * Math.sin(latitude) * Math.cos(hourAngle),
    Math.sin(declination) * Math.sin(latitude) + Math.cos(declination) * Math.cos(latitude) * Math.cos(hourAngle),
  ]
}
