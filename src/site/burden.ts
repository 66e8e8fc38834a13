/** What a site costs to draw, where numbers of things do not say it: one wall of forty kilometres has windows enough for a city. */
import type { CodecError } from '../contract/decode.ts'
import { type Point2, signedAreaM2 } from './geometry.ts'
import type { Building, SiteFile } from './schema.ts'

/** Of one building; drawn in one go. */
export const mostWindowsOfOne = 40_000
const mostWindows = 1_500_000
const mostBays = 50_000
const mostFenceM = 100_000
/** Of all lines and areas of a kind. */
const mostCorners = 100_000
const [windowM, toothM2] = [3, 25]

export function checkBurden({ buildings, ground, zones }: SiteFile): CodecError | undefined {
  let windows = 0
  for (const [at, building] of buildings.entries()) {
    const own = windowsOf(building)
    windows += own
    if (own > mostWindowsOfOne)
      return tooMuch(`buildings.${at}`, `walls for some ${told(own)} windows`, mostWindowsOfOne)
  }
  if (windows > mostWindows) return tooMuch('buildings', `walls for some ${told(windows)} windows`, mostWindows)
  const bays = ground.parking.reduce((sum, row) => sum + row.bays, 0)
  if (bays > mostBays) return tooMuch('ground.parking', `${bays} bays`, mostBays)
  const fenceM = ground.fences.reduce((sum, { line }) => sum + lengthM(line), 0)
  if (fenceM > mostFenceM) return tooMuch('ground.fences', `${told(fenceM)} m`, mostFenceM)
  const lines: readonly (readonly [string, readonly (readonly Point2[])[]])[] = [
    ['ground.roads', ground.roads.map((road) => road.centreline)],
    ...(['pavements', 'lawns', 'water'] as const).map(
      (kind) => [`ground.${kind}`, ground[kind].map(({ polygon }) => polygon)] as const,
    ),
    ['zones', zones.filter((zone) => zone.building === undefined).map(({ polygon }) => polygon)],
  ]
  for (const [path, all] of lines) {
    const corners = all.reduce((sum, line) => sum + line.length, 0)
    if (corners > mostCorners) return tooMuch(path, `${corners} corners`, mostCorners)
  }
  return undefined
}

/** About as many as its walls and a sawtooth roof are drawn with. */
export function windowsOf({
  footprint,
  storeys,
  roof,
}: Pick<Building, 'footprint'> & {
  readonly storeys: readonly unknown[]
  readonly roof?: { readonly style?: string | undefined } | undefined
}): number {
  const [first] = footprint
  const aroundM = first ? lengthM([...footprint, first]) : 0
  const teeth = roof?.style === 'sawtooth' ? Math.abs(signedAreaM2(footprint)) / toothM2 : 0
  return (aroundM * storeys.length) / windowM + teeth
}

function lengthM(line: readonly Point2[]): number {
  return line.slice(1).reduce((sum, [x, y], at) => {
    const [fromX, fromY] = line[at] as Point2
    return sum + Math.hypot(x - fromX, y - fromY)
  }, 0)
}

function told(value: number): number {
  return Number(value.toPrecision(2))
}

function tooMuch(path: string, what: string, most: number): CodecError {
  return { code: 'invalid', path, message: `${what}, at most ${most}` }
}
