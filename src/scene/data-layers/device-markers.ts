import type { Mesh } from 'three'
import type { HotPoints } from '../../twin/hot-points.ts'
import type { TwinDevice, TwinState } from '../../twin/twin.ts'
import type { SitePoint } from '../frames.ts'
import type { LayerContext } from '../layers/layer.ts'
import { whereIs } from '../scene-index.ts'
import { deviceHealth, type HealthState, healthStates, type LinkQuality, linkQuality } from './device-verdicts.ts'
import { layerScale, shareOf } from './layer-catalogue.ts'
import type { LayerFacts } from './layer-facts.ts'
import { type Marker, MarkerMesh, type MarkerShape } from './marker-mesh.ts'
import { rampColor } from './ramps.ts'

/** Colour and shape of each state; told apart without either. */
export const healthLook: Readonly<
  Record<HealthState, { readonly color: string; readonly shape: MarkerShape; readonly sizePx: number }>
> = {
  online: { color: '#58c2a9', shape: 'disc', sizePx: 7 },
  quiet: { color: '#a9b4c2', shape: 'ring', sizePx: 9 },
  stale: { color: '#efc24b', shape: 'diamond', sizePx: 12 },
  faulty: { color: '#e2603c', shape: 'triangle', sizePx: 15 },
  offline: { color: '#b94a9a', shape: 'cross', sizePx: 14 },
}

/** A beat looks anew at so many devices at most; ten thousand take a few beats. */
const devicesPerBeat = 1500
/** So late or so full of gaps that a shape has to say it too. */
const poorLink = { ageS: 60, lost: 0.2 }

interface Entry {
  readonly device: TwinDevice
  /** Undefined where it stands nowhere: it counts, but has no mark. */
  readonly at: SitePoint | undefined
}

/** One mark for each device that stands somewhere: how it is, or how it gets through. */
export class DeviceMarkers {
  readonly #context: LayerContext
  readonly #kind: 'health' | 'network'
  readonly #marks = new MarkerMesh()
  readonly #health = new Map<string, HealthState>()
  readonly #links = new Map<string, LinkQuality | undefined>()
  #entries: Entry[] = []
  #next = 0

  constructor(context: LayerContext, kind: 'health' | 'network') {
    this.#context = context
    this.#kind = kind
  }

  get mesh(): Mesh {
    return this.#marks.mesh
  }

  /** An availability that changed comes as a new registry: all are looked at anew, over the next beats. */
  setDevices(devices: ReadonlyMap<string, TwinDevice>): void {
    const known = new Map(this.#context.index.site.equipment.map((item) => [item.id, item.at]))
    const placed: Entry[] = []
    const placeless: Entry[] = []
    for (const device of devices.values()) {
      const at =
        device.birth.pose?.at ??
        known.get(device.id) ??
        whereIs(this.#context.index, { kind: 'device', id: device.id })?.at
      if (at) placed.push({ device, at: [at[0], at[1], at[2] + 0.6] })
      else placeless.push({ device, at: undefined })
    }
    this.#entries = [...placed, ...placeless]
    for (const seen of [this.#health, this.#links]) for (const id of seen.keys()) if (!devices.has(id)) seen.delete(id)
    this.#marks.reserve(placed.length)
    this.#marks.count = placed.length
    this.#next = 0
  }

  sync(state: TwinState, hot: HotPoints): { readonly changed: boolean; readonly facts: LayerFacts } {
    const now = { siteMs: state.siteNowMs, speed: state.clock.speed }
    const count = Math.min(devicesPerBeat, this.#entries.length)
    let changed = false
    for (let step = 0; step < count; step++) {
      const i = (this.#next + step) % this.#entries.length
      const { device, at } = this.#entries[i] as Entry
      const health = deviceHealth(device, hot, now)
      this.#health.set(device.id, health)
      if (this.#kind === 'network') this.#links.set(device.id, linkQuality(device, hot, now))
      if (!at) continue
      const marker =
        this.#kind === 'health' ? healthMarker(at, health) : linkMarker(at, health, this.#links.get(device.id))
      if (this.#marks.set(i, marker)) changed = true
    }
    this.#next = this.#entries.length === 0 ? 0 : (this.#next + count) % this.#entries.length
    return { changed, facts: this.#kind === 'health' ? this.#healthFacts() : this.#linkFacts() }
  }

  #healthFacts(): LayerFacts {
    const health = Object.fromEntries(healthStates.map((state) => [state, 0])) as Record<HealthState, number>
    for (const state of this.#health.values()) health[state]++
    return {
      layer: 'health',
      samples: this.#health.size,
      stale: health.stale,
      newestAtMs: 0,
      lowest: undefined,
      highest: undefined,
      health,
    }
  }

  #linkFacts(): LayerFacts {
    const known = [...this.#links.values()].filter((link) => link !== undefined)
    const silent = this.#links.size - known.length
    const middle = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
    const round = (value: number) => Math.round(value * 100) / 100
    return {
      layer: 'network',
      samples: known.length,
      stale: known.filter((link) => link.ageS > poorLink.ageS).length,
      newestAtMs: 0,
      lowest: undefined,
      highest: undefined,
      network: {
        ageS: Math.round(middle(known.map((link) => link.ageS))),
        jitter: round(middle(known.flatMap((link) => link.jitter ?? []))),
        lost: round(known.reduce((sum, link) => sum + (link.lost ?? 0), 0) / Math.max(1, known.length)),
        silent,
      },
    }
  }

  dispose(): void {
    this.#marks.dispose()
  }
}

function healthMarker(at: SitePoint, health: HealthState): Marker {
  const { color, shape, sizePx } = healthLook[health]
  return { at, color: rgb255(color), shape, sizePx }
}

function linkMarker(at: SitePoint, health: HealthState, link: LinkQuality | undefined): Marker {
  if (health === 'offline') return healthMarker(at, 'offline')
  if (!link) return healthMarker(at, 'quiet')
  const poor = link.ageS > poorLink.ageS || (link.lost ?? 0) > poorLink.lost
  const color = rampColor(layerScale.network.ramp, shareOf(layerScale.network, link.ageS))
  return { at, color, shape: poor ? 'diamond' : 'disc', sizePx: poor ? 12 : 8 }
}

function rgb255(color: string): readonly [number, number, number] {
  const part = (from: number) => Number.parseInt(color.slice(from, from + 2), 16)
  return [part(1), part(3), part(5)]
}
