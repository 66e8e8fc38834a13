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

/** Routes remembered; a large site has millions of pairs. */
const routesKept = 20_000

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

  /** Whether anything goes on from there. */
  leads(travel: Travel, node: string): boolean {
    return this.#links[travel].has(node)
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
    if (!this.#cache.has(key)) {
      if (this.#cache.size >= routesKept) this.#cache.clear()
      this.#cache.set(key, this.#search(travel, from, to))
    }
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

  /** Dijkstra with a binary heap. */
  #search(travel: Travel, from: string, to: string): Route | undefined {
    const distance = new Map([[from, 0]])
    const cameFrom = new Map<string, { node: string; gate: string | undefined }>()
    const done = new Set<string>()
    const open = new NearestFirst()
    open.push(from, 0)
    for (let current = open.pop(); current !== undefined; current = open.pop()) {
      if (current === to) return this.#unwind(cameFrom, from, to)
      if (done.has(current)) continue
      done.add(current)
      const least = distance.get(current) ?? 0
      for (const link of this.#links[travel].get(current) ?? []) {
        const d = least + link.lengthM
        if (d >= (distance.get(link.to) ?? Number.POSITIVE_INFINITY)) continue
        distance.set(link.to, d)
        cameFrom.set(link.to, { node: current, gate: link.gate })
        open.push(link.to, d)
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

/** A binary heap of nodes by distance; the same node may wait in it more than once. */
class NearestFirst {
  readonly #nodes: string[] = []
  readonly #keys: number[] = []

  push(node: string, key: number): void {
    let at = this.#nodes.length
    this.#nodes.push(node)
    this.#keys.push(key)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if ((this.#keys[parent] as number) <= key) break
      this.#swap(at, parent)
      at = parent
    }
  }

  pop(): string | undefined {
    const last = this.#nodes.length - 1
    if (last < 0) return undefined
    this.#swap(0, last)
    const node = this.#nodes.pop()
    this.#keys.pop()
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2]
      let least = at
      if (left < last && (this.#keys[left] as number) < (this.#keys[least] as number)) least = left
      if (right < last && (this.#keys[right] as number) < (this.#keys[least] as number)) least = right
      if (least === at) return node
      this.#swap(at, least)
      at = least
    }
  }

  #swap(a: number, b: number): void {
    const [node, key] = [this.#nodes[a] as string, this.#keys[a] as number]
    this.#nodes[a] = this.#nodes[b] as string
    this.#keys[a] = this.#keys[b] as number
    this.#nodes[b] = node
    this.#keys[b] = key
  }
}
