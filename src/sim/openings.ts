/** Doors, gates and barriers: leaves that take time to move, open for those who may pass, and can be locked. */
import type { PointValue } from '../contract/messages.ts'
import type { SiteFile } from '../site/schema.ts'
import type { Devices } from './devices.ts'

interface Leaf {
  readonly id: string
  readonly opensInMs: number
  readonly from: readonly [number, number]
  readonly to: readonly [number, number]
  /** 0 closed … 1 open. */
  opening: number
  held: boolean
  locked: boolean
  /** Somebody who may pass wants it open until then. */
  wantedUntilMs: number
  awaited: { readonly point: string; readonly value: PointValue; readonly commandId: string | undefined }[]
}

const shut = 0.02
const passable = 0.7

export class Openings {
  readonly #leaves = new Map<string, Leaf>()
  readonly #devices: Devices

  constructor(site: SiteFile, devices: Devices) {
    this.#devices = devices
    for (const gate of site.gates)
      this.#leaves.set(gate.id, {
        id: gate.id,
        opensInMs: Math.max(200, gate.opensInMs),
        from: gate.from,
        to: gate.to,
        opening: 0,
        held: false,
        locked: false,
        wantedUntilMs: 0,
        awaited: [],
      })
  }

  has(id: string): boolean {
    return this.#leaves.has(id)
  }

  line(id: string): { readonly from: readonly [number, number]; readonly to: readonly [number, number] } | undefined {
    return this.#leaves.get(id)
  }

  opening(id: string): number {
    return this.#leaves.get(id)?.opening ?? 1
  }

  isPassable(id: string): boolean {
    return this.opening(id) >= passable
  }

  isLocked(id: string): boolean {
    return this.#leaves.get(id)?.locked ?? false
  }

  isHeldOpen(id: string): boolean {
    return this.#leaves.get(id)?.held ?? false
  }

  /** Somebody with the right to pass stands before it. A locked one stays shut. */
  request(id: string, nowMs: number, forMs = 3500): void {
    const leaf = this.#leaves.get(id)
    if (leaf && !leaf.locked) leaf.wantedUntilMs = Math.max(leaf.wantedUntilMs, nowMs + forMs)
  }

  /** Broken open, lock or not. */
  force(id: string, nowMs: number, forMs: number): void {
    const leaf = this.#leaves.get(id)
    if (leaf) leaf.wantedUntilMs = Math.max(leaf.wantedUntilMs, nowMs + forMs)
  }

  /** Carries out `position` and `lock`; answers false for anything else. Reports when the leaf has arrived. */
  command(id: string, point: string, value: PointValue, commandId: string | undefined): boolean {
    const leaf = this.#leaves.get(id)
    if (!leaf || (point !== 'position' && point !== 'lock')) return false
    if (point === 'position') leaf.held = value === 'open'
    else leaf.locked = value === 'locked'
    if (value === 'closed' || value === 'locked') {
      leaf.held = false
      leaf.wantedUntilMs = 0
    }
    leaf.awaited = leaf.awaited.filter((a) => a.point !== point)
    leaf.awaited.push({ point, value, commandId })
    return true
  }

  step(dtMs: number, nowMs: number): void {
    for (const leaf of this.#leaves.values()) {
      const target = leaf.held || leaf.wantedUntilMs > nowMs ? 1 : 0
      const reach = dtMs / leaf.opensInMs
      const before = leaf.opening
      leaf.opening = target > before ? Math.min(1, before + reach) : Math.max(0, before - reach)
      if (leaf.opening !== before) this.#tell(leaf)
      if (leaf.awaited.length > 0) this.#settle(leaf, nowMs)
    }
  }

  #tell(leaf: Leaf): void {
    this.#devices.measure(leaf.id, 'contact', leaf.opening > shut)
    this.#devices.measure(leaf.id, 'opening', leaf.opening * 100)
  }

  #settle(leaf: Leaf, nowMs: number): void {
    const arrived = leaf.awaited.filter(({ value }) =>
      value === 'open' ? leaf.opening > 0.98 : value === 'unlocked' ? true : leaf.opening < shut,
    )
    if (arrived.length === 0) return
    leaf.awaited = leaf.awaited.filter((a) => !arrived.includes(a))
    for (const { point, value, commandId } of arrived) {
      // a lock throws only with the leaf shut, so the position is known as well
      if (value === 'locked') this.#devices.preset(leaf.id, 'position', 'closed')
      this.#devices.hold(leaf.id, point, value, nowMs, commandId)
    }
  }

  /** 0 closed … 1 open, by device id; closed ones included so that pictures need no default. */
  openings(): Record<string, number> {
    const all: Record<string, number> = {}
    for (const leaf of this.#leaves.values()) all[leaf.id] = Math.round(leaf.opening * 1000) / 1000
    return all
  }
}
