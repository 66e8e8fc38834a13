/** What importers find in foreign files, in the files' own plane coordinates. */

import type { BuildingInput } from '../compose/shapes.ts'
import type { Point2 } from '../geometry.ts'
import type { Projection } from './geodesy.ts'

export interface FoundBuilding {
  /** Where in the file it is told, as `features.3`. */
  readonly path: string
  readonly id: string
  readonly name: string | undefined
  readonly nameZh: string | undefined
  readonly use: BuildingInput['use']
  readonly outline: readonly Point2[]
  /** Ground to eaves or, where only that is known, to the highest point, metres. */
  readonly heightM: number | undefined
  readonly levels: number | undefined
  readonly roof: 'flat' | 'gable' | 'sawtooth'
  readonly color: string | undefined
}

export interface FoundRoad {
  readonly id: string
  readonly line: readonly Point2[]
  readonly widthM: number
  readonly lanes: number
}

export interface Found {
  /** How the coordinates lie on Earth; undefined where the file does not say or names a system we do not know. */
  readonly projection: Projection | undefined
  readonly buildings: FoundBuilding[]
  readonly roads: FoundRoad[]
  readonly lawns: { readonly id: string; readonly outline: readonly Point2[] }[]
  readonly water: { readonly id: string; readonly outline: readonly Point2[] }[]
  readonly pavements: { readonly id: string; readonly outline: readonly Point2[] }[]
  readonly trees: { readonly at: Point2; readonly heightM: number | undefined }[]
  readonly notes: string[]
}

export function nothingFound(projection: Projection | undefined): Found {
  return { projection, buildings: [], roads: [], lawns: [], water: [], pavements: [], trees: [], notes: [] }
}

export type Json = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An own property; names such as `__proto__` in a hostile file reach nothing. */
export function get(object: unknown, name: string): unknown {
  return isObject(object) && Object.hasOwn(object, name) ? object[name] : undefined
}

export function text(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 120) : undefined
}

/** `12`, `12,5`, `~9 m`, `40'`, `40 ft`, `12'6"` in metres; `12-15` and `12;15` count as the larger. */
export function lengthM(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  const given = text(value)?.replaceAll(/[′’]/g, "'").replaceAll(/[″”]/g, '"').normalize('NFKC')
  const each = (given ?? '').replace(/^(~|≈|ca\.?|about)\s*/i, '').split(/(?<=\d)\s*[-–;]\s*(?=\d)/)
  const lengths = each.map(oneLengthM)
  return lengths.every((m) => m !== undefined) ? Math.max(...lengths) : undefined
}

function oneLengthM(given: string): number | undefined {
  const told = given.replace(',', '.')
  const feet = /^(\d+(?:\.\d+)?)\s*(?:'|ft|feet)\s*(?:(\d+(?:\.\d+)?)\s*(?:"|in)?)?$/i.exec(told)
  if (feet) return Number(feet[1]) * 0.3048 + Number(feet[2] ?? 0) * 0.0254
  const metres = /^(-?(?:\d+\.?\d*|\.\d+))\s*(m|metres?|meters?|м|米)?$/i.exec(told)
  return metres ? Number(metres[1]) : undefined
}

/** Small counts such as storeys; `3-4` and `3;4` count as the larger. */
export function count(value: unknown): number | undefined {
  const numbers = text(value)
    ?.match(/(?<!\d\s*)-?\d+(?:[.,]\d+)?|\d+(?:[.,]\d+)?/g)
    ?.map((n) => Number(n.replace(',', '.')))
  const most = numbers && Math.max(...numbers)
  return most !== undefined && most > 0 && most <= 200 ? most : undefined
}

export function finitePair(value: unknown): Point2 | undefined {
  if (!Array.isArray(value)) return undefined
  const [x, y] = value as unknown[]
  const sane = (n: unknown): n is number => typeof n === 'number' && Math.abs(n) < 1e9
  return sane(x) && sane(y) ? [x, y] : undefined
}

export function buildingUse(word: string | undefined): BuildingInput['use'] {
  return uses.find(([pattern]) => word !== undefined && pattern.test(word))?.[1] ?? 'office'
}

const uses: readonly (readonly [RegExp, BuildingInput['use']])[] = [
  [/warehouse|storage|hangar|depot|barn|logistic/i, 'warehouse'],
  [/industr|manufactur|factory|works|production/i, 'production'],
  [
    /apartment|residential|house|detached|terrace|dormitory|hut|cabin|bungalow|dwelling|habitation|woon|wohn|hotel|living/i,
    'residential',
  ],
  [/parking|carport|garage/i, 'carpark'],
  [/laborator|research|science|hospital|clinic|1120/i, 'lab'],
  [/canteen|restaurant|retail|shop|supermarket|mall|kiosk|food|cafe/i, 'canteen'],
  [/transformer|power|substation|boiler|heating|energy|utility|service/i, 'energy'],
  [/gatehouse|guard|gate/i, 'gatehouse'],
]
