/** The simulated parks of this host: one runs always, others while somebody looks at them. Bounded. */
import { createHash } from 'node:crypto'
import type { CodecError } from '../contract/decode.ts'
import type { Clock } from '../platform/clock.ts'
import { Disposables } from '../platform/disposables.ts'
import { err, type Result } from '../platform/result.ts'
import type { HostedPark } from './sim-thread.ts'
import { announcement, type SiteOffer } from './site-source.ts'

export interface ParkFleetOptions {
  readonly clock: Clock
  readonly log: (line: string) => void
  /** `onLost` is called when the park ends by itself. */
  readonly open: (offer: SiteOffer, onLost: () => void) => HostedPark
  readonly offers: readonly SiteOffer[]
  /** Parks that are held at once, awake and asleep. */
  readonly mostParks?: number
  /** Site files that people brought, at most; the oldest that nobody looks at goes first. */
  readonly mostBrought?: number
  /** Without a look for so long a park is put to sleep. */
  readonly restAfterMs?: number
}

interface Hosted {
  readonly park: HostedPark
  /** The one that the host was started for. */
  readonly always: boolean
  awake: boolean
  lookedAtMs: number
}

const roundMs = 5000
const mostTold = 1000

export class ParkFleet {
  readonly #o: Required<ParkFleetOptions>
  readonly #open = new Disposables()
  readonly #offers = new Map<string, SiteOffer>()
  readonly #brought = new Set<string>()
  readonly #parks = new Map<string, Hosted>()
  /** What the broker tells of sites, retained: the hash of it by id. */
  readonly #told = new Map<string, string>()
  readonly #refusedBefore = new Set<string>()

  constructor(options: ParkFleetOptions) {
    this.#o = { mostParks: 4, mostBrought: 8, restAfterMs: 120_000, ...options }
    for (const offer of options.offers) this.#offers.set(offer.id, offer)
    this.#open.add(options.clock.every(roundMs, () => this.#round()))
  }

  offers(): readonly SiteOffer[] {
    return [...this.#offers.values()]
  }

  offer(id: string): SiteOffer | undefined {
    return this.#offers.get(id)
  }

  /** Ids of the parks that run now. */
  awake(): readonly string[] {
    return [...this.#parks].filter(([, { awake }]) => awake).map(([id]) => id)
  }

  /** Runs a park from now on, looked at or not. */
  keep(id: string): void {
    const offer = this.#offers.get(id)
    if (offer) this.#start(offer, true)
  }

  /** Somebody looks at this site. One that is simulated here wakes up; of others nothing is known. */
  looked(id: string): void {
    const hosted = this.#parks.get(id)
    if (hosted) {
      hosted.lookedAtMs = this.#o.clock.monotonicMs()
      if (hosted.awake) return
      hosted.awake = true
      return hosted.park.wake()
    }
    const offer = this.#offers.get(id)
    if (!offer) return
    const why = this.#whyNot(offer)
    if (why === undefined) this.#start(offer, false)
    // said once, not with every look
    else if (!this.#refusedBefore.has(id)) this.#o.log(`${id} is not simulated: ${why}`)
    if (why === undefined) this.#refusedBefore.delete(id)
    else this.#refusedBefore.add(id)
  }

  /** What the broker tells of a site, retained. */
  heardSite(id: string, payload: Uint8Array): void {
    if (payload.byteLength === 0) this.#told.delete(id)
    else if (this.#told.has(id) || this.#told.size < mostTold) this.#told.set(id, hashOf(payload))
  }

  /**
   * Takes a site file that somebody brought and brings its park up; settles once it stands. Replaces an earlier file of
   * its id, which comes back where the new one does not stand.
   */
  async bring(offer: SiteOffer): Promise<Result<void, CodecError>> {
    const { id } = offer
    if (this.#offers.has(id) && !this.#brought.has(id))
      return refused('id', `“${id}” is the id of a park that is offered here`)
    if (this.#told.has(id) && !this.#brought.has(id)) return refused('id', `“${id}” is the id of another park`)
    const before = this.#offers.get(id)
    const lookedAt = this.#parks.get(id)?.awake
    await this.#end(id)
    if (!this.#makeRoom()) return refused('', `${this.#o.mostParks} parks are looked at already`)
    this.#forgetBrought()
    this.#offers.set(id, offer)
    this.#brought.delete(id)
    this.#brought.add(id)
    const outcome = await this.#start(offer, false).park.opened
    if (outcome.ok) return outcome
    await this.#end(id)
    if (before) {
      this.#offers.set(id, before)
      // One that slept comes up at the next look.
      if (lookedAt) await this.#start(before, false).park.opened
    } else {
      this.#offers.delete(id)
      this.#brought.delete(id)
    }
    return outcome
  }

  async dispose(): Promise<void> {
    this.#open.dispose()
    await Promise.all([...this.#parks.keys()].map((id) => this.#end(id)))
  }

  #start(offer: SiteOffer, always: boolean): Hosted {
    const park = this.#o.open(offer, () => {
      if (this.#parks.get(offer.id) === hosted) this.#parks.delete(offer.id)
    })
    const hosted: Hosted = { park, always, awake: true, lookedAtMs: this.#o.clock.monotonicMs() }
    this.#parks.set(offer.id, hosted)
    return hosted
  }

  async #end(id: string): Promise<void> {
    const hosted = this.#parks.get(id)
    this.#parks.delete(id)
    await hosted?.park.dispose()
  }

  #whyNot(offer: SiteOffer): string | undefined {
    const told = this.#told.get(offer.id)
    // somebody else's park, perhaps a real one: never spoken over
    if (told !== undefined && told !== hashOf(announcement(offer, offer.bytes())))
      return 'the broker tells of another site by this id'
    return this.#makeRoom() ? undefined : `${this.#o.mostParks} parks are looked at already`
  }

  /** Ends the park that slept longest where there are too many; false when all are looked at. */
  #makeRoom(): boolean {
    if (this.#parks.size < this.#o.mostParks) return true
    const [longest] = [...this.#parks]
      .filter(([, { awake, always }]) => !awake && !always)
      .sort(([, a], [, b]) => a.lookedAtMs - b.lookedAtMs)
    if (!longest) return false
    void this.#end(longest[0])
    return true
  }

  #forgetBrought(): void {
    for (const id of this.#brought) {
      if (this.#brought.size < this.#o.mostBrought) return
      if (this.#parks.get(id)?.awake) continue
      this.#brought.delete(id)
      this.#offers.delete(id)
      this.#told.delete(id)
      void this.#end(id)
    }
  }

  #round(): void {
    const nowMs = this.#o.clock.monotonicMs()
    for (const [id, hosted] of this.#parks) {
      if (hosted.always || !hosted.awake || nowMs - hosted.lookedAtMs < this.#o.restAfterMs) continue
      hosted.awake = false
      hosted.park.sleep()
      this.#o.log(`${id}: nobody looks, so it sleeps`)
    }
  }
}

function refused(path: string, message: string): Result<never, CodecError> {
  return err({ code: 'invalid', path, message })
}

function hashOf(payload: Uint8Array): string {
  return createHash('sha256').update(payload).digest('hex')
}
