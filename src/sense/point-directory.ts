import type { BirthMessage, PointDescriptor } from '../contract/messages.ts'

interface KnownPoint {
  readonly index: number
  readonly descriptor: PointDescriptor
}

export interface KnownDevice {
  readonly id: string
  readonly birth: BirthMessage
  readonly points: ReadonlyMap<string, KnownPoint>
  /** Hot indices in the order of `birth.points`. */
  readonly indices: readonly number[]
}

/** Several times the largest park that the benches run. */
export const mostDevices = 50_000
export const mostPoints = 250_000

/**
 * Gives every point a hot index. An index once given stays with its point for the session, also when the device is
 * born again with other points or is gone for a while: readers hold on to indices.
 */
export class PointDirectory {
  readonly #devices = new Map<string, KnownDevice>()
  readonly #indices = new Map<string, number>()
  /** Ids of births for which there was no room. */
  readonly #refused = new Set<string>()

  get deviceCount(): number {
    return this.#devices.size
  }

  get pointCount(): number {
    return this.#indices.size
  }

  /** Devices that are not taken in because there was no room. */
  get refusedCount(): number {
    return this.#refused.size
  }

  forgetRefused(): void {
    this.#refused.clear()
  }

  device(id: string): KnownDevice | undefined {
    return this.#devices.get(id)
  }

  /** Undefined where it would be one device or point too many; a device known before then stays as it was. */
  born(birth: BirthMessage): KnownDevice | undefined {
    if (!this.#hasRoom(birth)) {
      if (this.#refused.size < mostDevices) this.#refused.add(birth.id)
      return undefined
    }
    this.#refused.delete(birth.id)
    const points = new Map<string, KnownPoint>()
    const indices = birth.points.map((descriptor) => {
      const key = `${birth.id}/${descriptor.id}`
      const index = this.#indices.get(key) ?? this.#indices.size
      this.#indices.set(key, index)
      points.set(descriptor.id, { index, descriptor })
      return index
    })
    const device = { id: birth.id, birth, points, indices }
    this.#devices.set(birth.id, device)
    return device
  }

  gone(id: string): boolean {
    this.#refused.delete(id)
    return this.#devices.delete(id)
  }

  #hasRoom({ id, points }: BirthMessage): boolean {
    if (!this.#devices.has(id) && this.#devices.size >= mostDevices) return false
    if (this.#indices.size + points.length <= mostPoints) return true
    const added = points.filter((point) => !this.#indices.has(`${id}/${point.id}`)).length
    return this.#indices.size + added <= mostPoints
  }
}
