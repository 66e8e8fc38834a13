/** What a person may want to see of the park, from reported points only. One at a time; `none` is the plain model. */
import type { RampName } from './ramps.ts'

export const sceneLayers = [
  'none',
  'energy',
  'temperature',
  'co2',
  'pm25',
  'humidity',
  'occupancy',
  'comfort',
  'power',
  'health',
  'coverage',
  'network',
] as const
export type SceneLayer = (typeof sceneLayers)[number]

/** Layers whose values are spread over floors and ground as heat. */
export const fieldLayers = ['temperature', 'co2', 'pm25', 'humidity', 'occupancy', 'comfort'] as const
export type FieldLayer = (typeof fieldLayers)[number]

export interface LayerScale {
  readonly unit: string
  /** Values at the two ends of the colours; what lies beyond takes the end's colour. */
  readonly low: number
  readonly high: number
  readonly digits: number
  readonly ramp: RampName
  /** How far from its place a reading still speaks for the air, metres. */
  readonly reachM: number
}

/** Colours of the layers that have a scale. Bands follow what people feel: ASHRAE 55 for air, WHO 2021 for PM2.5. */
export const layerScale: Readonly<Record<Exclude<SceneLayer, 'none' | 'health' | 'coverage'>, LayerScale>> = {
  energy: { unit: 'kW', low: 0, high: 200, digits: 0, ramp: 'load', reachM: 0 },
  temperature: { unit: '°C', low: 17, high: 31, digits: 1, ramp: 'thermal', reachM: 18 },
  co2: { unit: 'ppm', low: 400, high: 1400, digits: 0, ramp: 'air', reachM: 18 },
  pm25: { unit: 'µg/m³', low: 0, high: 100, digits: 0, ramp: 'dust', reachM: 20 },
  humidity: { unit: '%', low: 20, high: 80, digits: 0, ramp: 'water', reachM: 18 },
  occupancy: { unit: '', low: 0, high: 1, digits: 2, ramp: 'people', reachM: 7 },
  comfort: { unit: '', low: -1, high: 1, digits: 1, ramp: 'comfort', reachM: 18 },
  power: { unit: 'W/m²', low: 0, high: 60, digits: 1, ramp: 'load', reachM: 0 },
  network: { unit: 's', low: 0, high: 120, digits: 0, ramp: 'age', reachM: 0 },
}

export function scaleOf(layer: SceneLayer): LayerScale | undefined {
  return Object.hasOwn(layerScale, layer) ? layerScale[layer as keyof typeof layerScale] : undefined
}

/** Place of a value between the ends of a scale, 0…1. */
export function shareOf({ low, high }: LayerScale, value: number): number {
  return Math.max(0, Math.min(1, (value - low) / (high - low)))
}

export function isFieldLayer(layer: SceneLayer): layer is FieldLayer {
  return fieldLayers.some((name) => name === layer)
}
