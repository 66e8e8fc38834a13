/** The site's ways as a graph, with shortest routes for walkers and drivers. */
import type { SiteFile } from '../../site/schema.ts'

export type Travel = 'walk' | 'drive'
export type Place = readonly [eastM: number, northM: number]

interface Link {
  readonly to: string
  readonly lengthM: number
  readonly gate: string | undefined
}

/** Corner points of a way, with the gate between point i and i + 1 where there is one. */
export interface Route {
  readonly points: readonly Place[]
  readonly gates: readonly (string | undefined)[]
}

export class PathGraph {
  readonly #at = new Map<string, Place>()
  readonly #zone = new Map<string, string>()
  readonly #links: Record<Travel, Map<string, Link[]>> = { walk: new Map(), drive: new Map() }
  readonly #cache = new Map<string, Route | undefined>()

  constructor(site: SiteFile) {
    for (const node of site.paths.nodes) {
      this.#at.set(node.id, node.at)
      if (node.zone !== undefined) this.#zone.set(node.id, node.zone)
    }
    for (const edge of site.paths.edges) {
      const travels: Travel[] = edge.kind === 'both' ? ['walk', 'drive'] : [edge.kind]
      for (const travel of travels) {
        this.#link(travel, edge.a, edge.b, edge.gate)
        if (!edge.oneWay) this.#link(travel, edge.b, edge.a, edge.gate)
      }
    }
  }

  at(node: string): Place | undefined {
    return this.#at.get(node)
  }

  has(node: string): boolean {
    return this.#at.has(node)
  }

  /** Nodes that lie in a zone: the way into a building. */
  nodesOfZone(zoneId: string): string[] {
    return [...this.#zone].filter(([, zone]) => zone === zoneId).map(([node]) => node)
  }

  nearest(place: Place, travel: Travel): string | undefined {
    let best: string | undefined
    let bestM = Number.POSITIVE_INFINITY
    for (const node of this.#links[travel].keys()) {
      const [e, n] = this.#at.get(node) ?? [0, 0]
      const distance = Math.hypot(e - place[0], n - place[1])
      if (distance < bestM) {
        bestM = distance
        best = node
      }
    }
    return best
  }

  route(travel: Travel, from: string, to: string): Route | undefined {
    const key = `${travel}|${from}|${to}`
    if (!this.#cache.has(key)) this.#cache.set(key, this.#search(travel, from, to))
    return this.#cache.get(key)
  }

  /** One way through several nodes in turn; those the site lacks are left out. Undefined where it leads nowhere. */
  tour(travel: Travel, nodes: readonly string[]): Route | undefined {
    const stops = nodes.filter((node) => this.#at.has(node))
    const points: Place[] = []
    const gates: (string | undefined)[] = []
    for (const [i, to] of stops.entries()) {
      const from = stops[i - 1]
      if (from === undefined || from === to) continue
      const leg = this.route(travel, from, to)
      if (!leg) return undefined
      points.push(...(points.length > 0 ? leg.points.slice(1) : leg.points))
      gates.push(...leg.gates)
    }
    return points.length < 2 ? undefined : { points, gates }
  }

  #link(travel: Travel, a: string, b: string, gate: string | undefined): void {
    const from = this.#at.get(a)
    const to = this.#at.get(b)
    if (!from || !to) return
    const links = this.#links[travel].get(a) ?? []
    links.push({ to: b, lengthM: Math.hypot(to[0] - from[0], to[1] - from[1]), gate })
    this.#links[travel].set(a, links)
  }

  /** Dijkstra; graphs of a park are small. */
  #search(travel: Travel, from: string, to: string): Route | undefined {
    const distance = new Map([[from, 0]])
    const cameFrom = new Map<string, { node: string; gate: string | undefined }>()
    const open = new Set([from])
    while (open.size > 0) {
      let current = ''
      let least = Number.POSITIVE_INFINITY
      for (const node of open) {
        const d = distance.get(node) ?? Number.POSITIVE_INFINITY
        if (d < least) {
          least = d
          current = node
        }
      }
      if (current === to) return this.#unwind(cameFrom, from, to)
      open.delete(current)
      for (const link of this.#links[travel].get(current) ?? []) {
        const d = least + link.lengthM
        if (d >= (distance.get(link.to) ?? Number.POSITIVE_INFINITY)) continue
        distance.set(link.to, d)
        cameFrom.set(link.to, { node: current, gate: link.gate })
        open.add(link.to)
      }
    }
    return undefined
  }

  #unwind(cameFrom: Map<string, { node: string; gate: string | undefined }>, from: string, to: string): Route {
    const nodes = [to]
    const gates: (string | undefined)[] = []
    for (let node = to; node !== from; ) {
      const step = cameFrom.get(node)
      if (!step) break
      nodes.unshift(step.node)
      gates.unshift(step.gate)
      node = step.node
    }
    return { points: nodes.map((node) => this.#at.get(node) ?? [0, 0]), gates }
  }
}
