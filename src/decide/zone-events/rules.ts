/** Rules of place, gathered from a site file: what it says and what follows from roads, bays, ways and zones. */
import { distanceToSegmentM } from '../../site/distance.ts'
import type { Point2 } from '../../site/geometry.ts'
import type { SiteFile, SiteRules, Zone } from '../../site/schema.ts'

export interface AreaRule {
  /** Zone or road. */
  readonly id: string
  readonly zone: string | undefined
  readonly polygon: readonly Point2[]
  readonly afterMs: number
}

export interface CrowdRule extends AreaRule {
  readonly people: number
}

export interface PostRule extends CrowdRule {
  readonly hours: SiteRules['posts'][number]['hours']
  readonly cameras: ReadonlySet<string>
}

export interface ParkingRule extends AreaRule {
  /** Where one may stand all the same. */
  readonly except: readonly (readonly Point2[])[]
}

export interface LineRule {
  readonly id: string
  readonly from: Point2
  readonly to: Point2
  /** −1 forbids left to right, 1 right to left, 0 both. */
  readonly forbidden: -1 | 0 | 1
  readonly classes: ReadonlySet<string>
}

export interface WayRule {
  readonly id: string
  readonly from: Point2
  readonly to: Point2
  readonly halfWidthM: number
}

export interface PlaceRules {
  readonly lines: readonly LineRule[]
  readonly dwell: readonly AreaRule[]
  readonly crowds: readonly CrowdRule[]
  readonly posts: readonly PostRule[]
  readonly ways: readonly WayRule[]
  readonly noParking: readonly ParkingRule[]
  readonly leftObjects: readonly AreaRule[]
}

/** Traffic stops for a while; only who stands longer is parked there. */
const roadParkedMs = 180_000
const crowdAfterMs = 20_000
const usualWayM = 5

export function placeRules(site: SiteFile): PlaceRules {
  const { rules } = site
  const zones = new Map(site.zones.filter(({ floorM }) => floorM < 1).map((zone) => [zone.id, zone]))
  const area = ({ zone, afterS }: { zone: string; afterS: number }): AreaRule[] => {
    const known = zones.get(zone)
    return known ? [{ id: zone, zone, polygon: known.polygon, afterMs: afterS * 1000 }] : []
  }
  return {
    lines: rules.lines.map(({ id, from, to, forbidden, classes }) => {
      const sign = forbidden === 'both' ? 0 : forbidden === 'leftToRight' ? -1 : 1
      return { id, from, to, forbidden: sign, classes: new Set<string>(classes) }
    }),
    dwell: rules.dwell.flatMap(area),
    crowds: crowdRules(site, [...zones.values()], area),
    posts: rules.posts.flatMap((rule) =>
      area(rule).map((one) => ({
        ...one,
        people: rule.people,
        hours: rule.hours,
        cameras: camerasOf(site, rule.zone),
      })),
    ),
    ways: wayRules(site),
    noParking: parkingRules(site, [...zones.values()], area),
    leftObjects: rules.leftObjects.flatMap(area),
  }
}

/** What the site file forbids, bays aside; and carriageways, save where zones are for standing. */
function parkingRules(
  site: SiteFile,
  zones: readonly Zone[],
  area: (rule: { zone: string; afterS: number }) => AreaRule[],
): ParkingRule[] {
  const marked = bays(site)
  const said = site.rules.parking.filter(({ allowed }) => !allowed).flatMap(area)
  const free = [
    ...marked,
    ...site.rules.parking.filter(({ allowed }) => allowed).flatMap((rule) => area(rule).map(({ polygon }) => polygon)),
    ...zones.filter(({ kind }) => kind === 'parking' || kind === 'dock').map(({ polygon }) => polygon),
  ]
  return [
    ...said.map((rule) => ({ ...rule, except: marked })),
    ...roadRules(site).map((rule) => ({ ...rule, except: free })),
  ]
}

/** What the site file limits, and else one more than a zone's capacity. */
function crowdRules(
  site: SiteFile,
  zones: readonly Zone[],
  area: (rule: { zone: string; afterS: number }) => AreaRule[],
): CrowdRule[] {
  const said = site.rules.crowds.flatMap((rule) => area(rule).map((one) => ({ ...one, people: rule.people })))
  const named = new Set(site.rules.crowds.map(({ zone }) => zone))
  const byCapacity = zones
    .filter(({ id, capacity, building }) => capacity > 0 && building === undefined && !named.has(id))
    .map(({ id, polygon, capacity }) => {
      return { id, zone: id, polygon, afterMs: crowdAfterMs, people: Math.floor(capacity) + 1 }
    })
  return [...said, ...byCapacity]
}

const camerasOf = (site: SiteFile, zone: string) =>
  new Set(site.cameras.filter(({ zones }) => zones.includes(zone)).map(({ id }) => id))

function wayRules(site: SiteFile): WayRule[] {
  const nodes = new Map(site.paths.nodes.map(({ id, at }) => [id, at]))
  return site.paths.edges.flatMap(({ a, b, oneWay, kind }) => {
    const [from, to] = [nodes.get(a), nodes.get(b)]
    if (!oneWay || kind === 'walk' || !from || !to) return []
    return [{ id: `${a}-${b}`.slice(0, 60), from, to, halfWidthM: widthAt(site, from, to) / 2 }]
  })
}

/** Of the road that runs along; a way beside every road has a usual width. */
function widthAt(site: SiteFile, from: Point2, to: Point2): number {
  const middle: Point2 = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]
  const road = site.ground.roads.find(({ centreline, widthM }) =>
    centreline.some(
      (at, i) => i > 0 && distanceToSegmentM(middle, centreline[i - 1] as Point2, at as Point2) < widthM / 2,
    ),
  )
  return road?.widthM ?? usualWayM
}

/** Each straight piece of a carriageway. */
function roadRules(site: SiteFile): AreaRule[] {
  return site.ground.roads.flatMap(({ id, centreline, widthM }) =>
    centreline.slice(1).map((to, i) => {
      const from = centreline[i] as Point2
      return { id, zone: undefined, polygon: strip(from, to as Point2, widthM / 2), afterMs: roadParkedMs }
    }),
  )
}

function strip(from: Point2, to: Point2, halfM: number): Point2[] {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1
  const [e, n] = [((to[1] - from[1]) / length) * halfM, (-(to[0] - from[0]) / length) * halfM]
  return [[from[0] + e, from[1] + n], [to[0] + e, to[1] + n], [to[0] - e, to[1] - n], [from[0] - e, from[1] - n]] // biome-ignore format: an outline
}

/** Rows of bays with half a metre around: few park to the centimetre. */
function bays(site: SiteFile): Point2[][] {
  return site.ground.parking.map(({ at, headingDeg, bays: count, bayWidthM, bayDepthM }) => {
    const angle = (headingDeg * Math.PI) / 180
    const along: Point2 = [Math.sin(angle), Math.cos(angle)]
    const halfRow = (count * bayWidthM) / 2 + 0.5
    const across: Point2 = [along[1], -along[0]]
    const half = bayDepthM / 2 + 0.5
    const ends = [-1, 1].map((k): Point2 => [at[0] + across[0] * halfRow * k, at[1] + across[1] * halfRow * k])
    const [a, b] = ends as [Point2, Point2]
    const forward = (p: Point2, k: number): Point2 => [p[0] + along[0] * half * k, p[1] + along[1] * half * k]
    return [forward(a, -1), forward(b, -1), forward(b, 1), forward(a, 1)]
  })
}
