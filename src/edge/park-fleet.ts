/** The simulated parks of this host: one runs always, others while somebody looks at them. Bounded. */
import type { CodecError } from '../contract/decode.ts'
import type { Clock } from '../platform/clock.ts'
import { Disposables } from '../platform/disposables.ts'
import { err, type Result } from '../platform/result.ts'
import type { HostedPark } from './sim-thread.ts'
import { announcement, hashOf, type SiteOffer } from './site-source.ts'

export interface ParkFleetOptions {
  readonly clock: Clock
  readonly log: (line: string) => void
  /** Opens a park that waits for its `begin`; `onLost` is called when it ends by itself. */
  readonly open: (offer: SiteOffer, onLost: () => void) => HostedPark
  readonly offers: readonly SiteOffer[]
  /** Makes the broker forget what a park told that is no longer to be had here. */
  readonly forget?: (id: string) => Promise<void>
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
  /** Hashes of what is to be told of offers; a site file may be 32 MiB, and a look comes every ten seconds. */
  readonly #ownWords = new WeakMap<SiteOffer, string>()
  /** Site files that are being taken in, by id: the last of those that wait for each other. */
  readonly #bringing = new Map<string, Promise<unknown>>()
  /** Parks that still say goodbye; two by one id would throw each other off the broker. */
  readonly #ending = new Map<string, Promise<void>>()
  readonly #refusedBefore = new Set<string>()

  constructor(options: ParkFleetOptions) {
    this.#o = { mostParks: 4, mostBrought: 8, restAfterMs: 120_000, forget: async () => {}, ...options }
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
    if (!offer || this.#open.disposed) return
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
   * Takes a site file that somebody brought for this id and brings its park up; settles once it stands. Replaces an earlier
   * file of its id once it is found good; that one comes back where the new park does not stand. Files of one id wait for
   * each other.
   */
  async bring(id: string, bytes: Uint8Array): Promise<Result<void, CodecError>> {
    const before = this.#bringing.get(id) ?? Promise.resolve()
    const outcome = before.then(() => this.#bring(id, bytes))
    const settled = outcome.then(
      () => {},
      () => {},
    )
    this.#bringing.set(id, settled)
    await settled
    if (this.#bringing.get(id) === settled) this.#bringing.delete(id)
    return outcome
  }

  async dispose(): Promise<void> {
    this.#open.dispose()
    await Promise.all([...this.#parks.keys()].map((id) => this.#end(id)))
    // what was being taken in ends by itself
    await Promise.all([...this.#bringing.values(), ...this.#ending.values()])
  }

  async #bring(id: string, bytes: Uint8Array): Promise<Result<void, CodecError>> {
    const taken = this.#whyTaken(id)
    if (taken) return taken
    const hosted = this.#hosted({ id, name: id, bytes: () => bytes }, false)
    const checked = await hosted.park.checked
    const named = checked.ok ? (this.#whyTaken(id) ?? this.#whyNoRoom(id) ?? checked) : checked
    if (!named.ok) {
      await hosted.park.dispose()
      return named
    }
    const before = this.#offers.get(id)
    const old = this.#parks.get(id)
    this.#brought.delete(id)
    this.#forgetBrought()
    this.#offers.set(id, { id, name: named.value, bytes: () => bytes })
    this.#brought.add(id)
    this.#run(id, hosted)
    const outcome = await hosted.park.opened
    if (!outcome.ok) await this.#takeBack(id, before, old?.awake === true)
    return outcome
  }

  async #takeBack(id: string, before: SiteOffer | undefined, wasAwake: boolean): Promise<void> {
    if (before) this.#offers.set(id, before)
    else {
      this.#offers.delete(id)
      this.#brought.delete(id)
    }
    await this.#end(id)
    // One that slept comes up at the next look.
    if (before && wasAwake && !this.#open.disposed && !this.#parks.has(id)) this.#start(before, false)
  }

  #whyTaken(id: string): Result<never, CodecError> | undefined {
    if (this.#open.disposed) return refused('', 'the parks of this host end')
    if (this.#brought.has(id)) return undefined
    if (this.#offers.has(id)) return refused('id', `“${id}” is the id of a park that is offered here`)
    return this.#told.has(id) ? refused('id', `“${id}” is the id of another park`) : undefined
  }

  /** One that replaces another takes its room. */
  #whyNoRoom(id: string): Result<never, CodecError> | undefined {
    if (this.#parks.has(id) || this.#makeRoom()) return undefined
    return refused('', `${this.#o.mostParks} parks are looked at already`)
  }

  #start(offer: SiteOffer, always: boolean): void {
    this.#run(offer.id, this.#hosted(offer, always))
  }

  #hosted(offer: SiteOffer, always: boolean): Hosted {
    const park = this.#o.open(offer, () => {
      if (this.#parks.get(offer.id) === hosted) this.#parks.delete(offer.id)
    })
    const hosted: Hosted = { park, always, awake: true, lookedAtMs: this.#o.clock.monotonicMs() }
    return hosted
  }

  /** Ends what runs by the id, and begins once that is gone. */
  #run(id: string, hosted: Hosted): void {
    void this.#end(id)
    hosted.lookedAtMs = this.#o.clock.monotonicMs()
    this.#parks.set(id, hosted)
    const ending = this.#ending.get(id)
    if (!ending) return hosted.park.begin()
    void ending.then(() => {
      if (this.#parks.get(id) === hosted) hosted.park.begin()
    })
  }

  #end(id: string): Promise<void> {
    const hosted = this.#parks.get(id)
    const before = this.#ending.get(id) ?? Promise.resolve()
    if (!hosted) return before
    this.#parks.delete(id)
    const ended = Promise.all([before, hosted.park.dispose()]).then(() => {
      if (this.#ending.get(id) === ended) this.#ending.delete(id)
    })
    this.#ending.set(id, ended)
    return ended
  }

  #whyNot(offer: SiteOffer): string | undefined {
    const told = this.#told.get(offer.id)
    // somebody else's park, perhaps a real one: never spoken over
    if (told !== undefined && told !== this.#hashOf(offer)) return 'the broker tells of another site by this id'
    return this.#makeRoom() ? undefined : `${this.#o.mostParks} parks are looked at already`
  }

  #hashOf(offer: SiteOffer): string {
    const known = this.#ownWords.get(offer)
    const hash = known ?? hashOf(announcement(offer, offer.bytes()))
    this.#ownWords.set(offer, hash)
    return hash
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
      this.#forget(id)
    }
  }

  /** Ends a park for good: else each that was ever brought stays in the broker, until nothing else can be retained. */
  #forget(id: string): void {
    const forgotten = this.#end(id)
      .then(() => this.#o.forget(id))
      .then(() => {
        if (this.#ending.get(id) === forgotten) this.#ending.delete(id)
      })
    this.#ending.set(id, forgotten)
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
