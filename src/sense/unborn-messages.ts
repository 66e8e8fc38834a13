import type { ProfileMessage, Reading, StateMessage } from '../contract/messages.ts'

interface Waiting {
  readings?: readonly Reading[]
  state?: StateMessage
  profile?: ProfileMessage
}

const maxDevices = 2000
const maxReadings = 64

/** What arrived before its device's birth message: the newest of each kind, for so many devices, the longest waiting gives way. */
export class UnbornMessages {
  readonly #waiting = new Map<string, Waiting>()
  #dropped = 0

  get droppedTotal(): number {
    return this.#dropped
  }

  keepReadings(device: string, readings: readonly Reading[]): void {
    const entry = this.#entry(device)
    if (entry.readings) this.#dropped++
    entry.readings = readings.slice(-maxReadings)
  }

  keepState(device: string, state: StateMessage): void {
    const entry = this.#entry(device)
    if (entry.state) this.#dropped++
    entry.state = state
  }

  keepProfile(device: string, profile: ProfileMessage): void {
    const entry = this.#entry(device)
    if (entry.profile) this.#dropped++
    entry.profile = profile
  }

  take(device: string): Waiting | undefined {
    const entry = this.#waiting.get(device)
    this.#waiting.delete(device)
    return entry
  }

  #entry(device: string): Waiting {
    const known = this.#waiting.get(device)
    if (known) return known
    if (this.#waiting.size >= maxDevices) {
      const oldest = this.#waiting.keys().next().value
      if (oldest !== undefined) this.#waiting.delete(oldest)
      this.#dropped++
    }
    const entry: Waiting = {}
    this.#waiting.set(device, entry)
    return entry
  }
}
