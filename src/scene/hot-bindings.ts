import type { HotPoints } from '../twin/hot-points.ts'
import type { TwinDevice, TwinState } from '../twin/twin.ts'
import { FieldPoints } from './data-layers/field-points.ts'
import type { SceneIndex } from './scene-index.ts'

interface Binding {
  readonly slot: number
  readonly index: number
}

interface LightBinding {
  readonly slots: readonly number[]
  readonly on: number | undefined
  readonly dimming: number | undefined
}

interface GateBinding {
  readonly gate: string
  readonly level: number | undefined
  readonly position: number | undefined
  readonly lock: number | undefined
}

/** Which hot values the scene draws, found once for each change of the registry, so that a beat only copies numbers. */
export class HotBindings {
  readonly #lights: LightBinding[] = []
  readonly #occupied: Binding[] = []
  readonly #gates: GateBinding[] = []
  readonly #cloud: number | undefined
  readonly #rain: number | undefined
  readonly #wind: number | undefined
  /** Points that speak for floors and ground. */
  readonly fields: FieldPoints
  readonly chargers: readonly { readonly device: string; readonly power: number }[]

  constructor(index: SceneIndex, devices: ReadonlyMap<string, TwinDevice>) {
    this.fields = new FieldPoints(index, devices)
    const served = new Map(index.site.equipment.map((e) => [e.id, e.serves]))
    const gates = new Set(index.site.gates.map((g) => g.id))
    const chargers: { device: string; power: number }[] = []
    let station: ReadonlyMap<string, number> | undefined
    for (const device of devices.values()) {
      const byKind = pointsByKind(device)
      const slot = index.slotOf(device.birth.zone)
      if (/lumin|light|lamp/i.test(device.birth.class)) {
        const zones = served.get(device.id) ?? (device.birth.zone === undefined ? [] : [device.birth.zone])
        this.#lights.push({
          slots: zones.map((z) => index.slotOf(z)),
          on: byKind.get('onOff'),
          dimming: byKind.get('dimming'),
        })
      } else if (slot > 0) this.#bindZone(slot, byKind)
      if (gates.has(device.id)) this.#gates.push(gateBinding(device, byKind))
      if (/weather/i.test(device.birth.class)) station = byKind
      const power = byKind.get('power')
      if (/charging|charger/i.test(device.birth.class) && power !== undefined)
        chargers.push({ device: device.id, power })
    }
    this.#cloud = station?.get('cloud')
    this.#rain = station?.get('rain')
    this.#wind = station?.get('windSpeed')
    this.chargers = chargers
  }

  #bindZone(slot: number, byKind: ReadonlyMap<string, number>): void {
    const presence = byKind.get('occupancy') ?? byKind.get('motion')
    if (presence !== undefined) this.#occupied.push({ slot, index: presence })
  }

  /** Cloud cover 0…1 as the weather station reports it; 0.15 where nobody does. */
  cloud(hot: HotPoints): number {
    const value = this.#cloud === undefined ? Number.NaN : (hot.value[this.#cloud] ?? Number.NaN)
    return Number.isFinite(value) ? Math.max(0, Math.min(1, value > 1 ? value / 100 : value)) : 0.15
  }

  /** Rain in mm/h and wind in m/s as reported; still and dry where nobody reports. */
  weather(hot: HotPoints): { readonly rain: number; readonly windMps: number } {
    const read = (index: number | undefined) => {
      const value = index === undefined ? 0 : (hot.value[index] ?? 0)
      return Number.isFinite(value) ? Math.max(0, value) : 0
    }
    return { rain: Math.min(100, read(this.#rain)), windMps: Math.min(40, read(this.#wind)) }
  }

  /**
   * Writes light (r), occupancy (g) and the chosen layer's share of its scale (b, −1 where nothing is reported) of all
   * slots; `shares` are given by slot.
   * Returns true when anything that can be seen changed.
   */
  writeZones(
    into: Float32Array,
    hot: HotPoints,
    shares: ReadonlyMap<number, number>,
    environment: TwinState['environment'],
    index: SceneIndex,
  ): boolean {
    const next = new Float32Array(into.length)
    for (let at = 2; at < next.length; at += 4) next[at] = -1
    for (const light of this.#lights) {
      const level = lightLevel(light, hot)
      for (const slot of light.slots) next[slot * 4] = Math.max(next[slot * 4] ?? 0, level)
    }
    for (const { slot, index: at } of this.#occupied) if ((hot.value[at] ?? 0) > 0) next[slot * 4 + 1] = 1
    for (const verdict of environment.values()) {
      const slot = index.slotOf(verdict.zoneId)
      if (slot > 0) next[slot * 4 + 1] = Math.max(next[slot * 4 + 1] ?? 0, verdict.occupied)
    }
    for (const [slot, share] of shares) next[slot * 4 + 2] = share
    let changed = false
    for (let at = 0; at < next.length && !changed; at++)
      changed = Math.abs((next[at] as number) - (into[at] as number)) > 0.012
    if (changed) into.set(next)
    return changed
  }

  /** Calls `see` with each gate's reported opening 0…1 and whether it reports to be locked. */
  gates(hot: HotPoints, see: (gate: string, opening: number, locked: boolean) => void): void {
    for (const { gate, level, position, lock } of this.#gates) {
      const percent = level === undefined ? Number.NaN : (hot.value[level] ?? Number.NaN)
      const word = position === undefined ? Number.NaN : (hot.value[position] ?? Number.NaN)
      const opening = Number.isFinite(percent) ? percent / 100 : Number.isFinite(word) ? word : 0
      see(gate, Math.max(0, Math.min(1, opening)), lock !== undefined && (hot.value[lock] ?? 0) > 0)
    }
  }
}

function lightLevel(light: LightBinding, hot: HotPoints): number {
  const on = light.on === undefined ? 1 : (hot.value[light.on] ?? Number.NaN)
  const dimming = light.dimming === undefined ? 100 : (hot.value[light.dimming] ?? Number.NaN)
  if (light.on !== undefined && !(on > 0)) return 0
  return Number.isFinite(dimming) ? Math.max(0, Math.min(1, dimming / 100)) : on > 0 ? 1 : 0
}

/** First point of each kind. */
function pointsByKind(device: TwinDevice): Map<string, number> {
  const found = new Map<string, number>()
  for (const point of device.birth.points) {
    const index = device.points[point.id]
    if (index !== undefined && !found.has(point.kind)) found.set(point.kind, index)
  }
  return found
}

function gateBinding(device: TwinDevice, byKind: ReadonlyMap<string, number>): GateBinding {
  return { gate: device.id, level: byKind.get('level'), position: byKind.get('position'), lock: byKind.get('lock') }
}
