import type { PointValue } from '../contract/messages.ts'
import type { Devices, SimDevice } from './devices.ts'

interface Changed {
  readonly device: SimDevice
  readonly point: string
  readonly value: PointValue
}

/**
 * What commands have changed, and how it usually is. Each story begins in a park as it usually is: lights that an
 * earlier one's plan has lit, a guard who is told already or a power that is cut would end the next at once.
 */
export class UsualState {
  readonly #usual = new Map<SimDevice, ReadonlyMap<string, PointValue>>()
  readonly #touched = new Map<SimDevice, Set<string>>()

  constructor(devices: Devices) {
    for (const device of devices.all()) if (device.writable.length > 0) this.#usual.set(device, new Map(device.values))
  }

  touch(device: SimDevice, point: string): void {
    const points = this.#touched.get(device) ?? new Set()
    this.#touched.set(device, points.add(point))
  }

  /** What is to be put back, some of it perhaps already as it was; locks before what they hold. Forgets it. */
  take(): readonly Changed[] {
    const changed = [...this.#touched].flatMap(([device, points]) =>
      [...points].flatMap((point) => {
        const value = this.#usual.get(device)?.get(point)
        return value === undefined ? [] : [{ device, point, value }]
      }),
    )
    this.#touched.clear()
    return changed.sort((a, b) => Number(b.point === 'lock') - Number(a.point === 'lock'))
  }
}
