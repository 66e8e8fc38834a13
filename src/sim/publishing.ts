/** How finely each kind of point is told, and how far it must move to be told early. */
interface Grain {
  readonly decimals: number
  readonly absolute: number
  readonly relative: number
}

const grains: Record<string, Grain> = {
  temperature: { decimals: 2, absolute: 0.15, relative: 0 },
  humidity: { decimals: 1, absolute: 1, relative: 0 },
  co2: { decimals: 0, absolute: 20, relative: 0.02 },
  pm25: { decimals: 1, absolute: 3, relative: 0.05 },
  illuminance: { decimals: 0, absolute: 20, relative: 0.08 },
  power: { decimals: 3, absolute: 0.05, relative: 0.02 },
  reactivePower: { decimals: 2, absolute: 0.2, relative: 0.05 },
  energy: { decimals: 3, absolute: Number.POSITIVE_INFINITY, relative: 0 },
  voltage: { decimals: 1, absolute: 2, relative: 0 },
  soc: { decimals: 2, absolute: 0.3, relative: 0 },
  level: { decimals: 1, absolute: 2, relative: 0 },
  speed: { decimals: 1, absolute: 3, relative: 0 },
  airflow: { decimals: 0, absolute: 30, relative: 0.04 },
  flow: { decimals: 2, absolute: 0.3, relative: 0.05 },
  irradiance: { decimals: 0, absolute: 15, relative: 0.05 },
  windSpeed: { decimals: 1, absolute: 0.5, relative: 0.1 },
  rain: { decimals: 1, absolute: 0.5, relative: 0.2 },
  cloud: { decimals: 2, absolute: 0.05, relative: 0 },
  price: { decimals: 4, absolute: 0, relative: 0 },
}
const plain: Grain = { decimals: 2, absolute: 0, relative: 0.02 }

export function deadBand(kind: string, told: number): number {
  const grain = grains[kind] ?? plain
  return Math.max(grain.absolute, grain.relative * Math.abs(told))
}

export function roundFor(kind: string, value: number): number {
  return roundTo(value, (grains[kind] ?? plain).decimals)
}

export function roundTo(value: number, decimals: number): number {
  const scale = 10 ** decimals
  // + 0 turns −0 into 0
  return Math.round(value * scale) / scale + 0
}
