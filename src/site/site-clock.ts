import type { ClockMessage } from '../contract/messages.ts'
import type { Clock } from '../platform/clock.ts'

/** The site's time: the simulated clock where one is announced, the wall elsewhere. */
export class SiteClock {
  readonly #clock: Clock
  #anchor: { siteMs: number; monotonicMs: number; speed: number; jump: number } | undefined

  #epoch = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * Returns true when time jumped (a story moved the clock, or the simulator began anew and told an earlier time than
   * before), so that windows and trackers start anew.
   */
  apply(message: ClockMessage): boolean {
    const before = this.#anchor
    const jumped = before !== undefined && (message.jump !== before.jump || message.siteMs < before.siteMs)
    if (jumped) this.#epoch++
    this.#anchor = {
      siteMs: message.siteMs,
      monotonicMs: this.#clock.monotonicMs(),
      speed: message.speed,
      jump: message.jump,
    }
    return jumped
  }

  /** Rises with every jump; times of two epochs do not compare. */
  get epoch(): number {
    return this.#epoch
  }

  get simulated(): boolean {
    return this.#anchor !== undefined
  }

  get speed(): number {
    return this.#anchor?.speed ?? 1
  }

  get jump(): number {
    return this.#anchor?.jump ?? 0
  }

  nowMs(): number {
    const anchor = this.#anchor
    if (!anchor) return this.#clock.nowMs()
    return anchor.siteMs + (this.#clock.monotonicMs() - anchor.monotonicMs) * anchor.speed
  }
}
