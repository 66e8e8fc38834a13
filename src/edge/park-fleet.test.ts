import { describe, expect, it, vi } from 'vitest'
import { type CodecError, encodeJson } from '../contract/decode.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { ParkFleet } from './park-fleet.ts'
import type { HostedPark } from './sim-thread.ts'
import type { SiteOffer } from './site-source.ts'

type Refusal = { readonly ok: false; readonly error: CodecError }
type Outcome = Result<void, CodecError>

const bytesOf = (id: string) => encodeJson({ id, name: id })
const offer = (id: string): SiteOffer => ({ id, name: id, bytes: () => bytesOf(id) })
const refusal = (path: string) => err({ code: 'invalid', path, message: 'is wrong' } as const)
/** Promises that are settled already have told everybody. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

function fleetOf(...ids: string[]) {
  const clock = new FakeClock()
  const said: string[] = []
  const logged: string[] = []
  const lose = new Map<string, () => void>()
  let [check, outcome]: Outcome[] = [ok(undefined), ok(undefined)]
  /** What a park waits for before it is gone. */
  let goodbye: Promise<void> | undefined
  const open = ({ id }: SiteOffer, onLost: () => void): HostedPark => {
    let began = false
    let stand: (outcome: Outcome) => void = () => {}
    lose.set(id, onLost)
    return {
      checked: Promise.resolve(check?.ok ? ok(id) : (check as Refusal)),
      opened: new Promise((resolve) => {
        stand = resolve
      }),
      begin: () => {
        began = true
        said.push(`${id} opens`)
        stand(outcome as Outcome)
      },
      sleep: () => said.push(`${id} sleeps`),
      wake: () => said.push(`${id} wakes`),
      dispose: async () => {
        if (goodbye) await goodbye
        stand(refusal(''))
        if (began) said.push(`${id} ends`)
      },
    }
  }
  const fleet = new ParkFleet({
    clock,
    log: (line) => logged.push(line),
    open,
    offers: ids.map(offer),
    mostParks: 3,
    mostBrought: 2,
    restAfterMs: 60_000,
    forget: async (id) => {
      said.push(`${id} is forgotten`)
    },
  })
  return {
    clock,
    fleet,
    said,
    logged,
    lose,
    refuse: (path: string) => {
      check = refusal(path)
    },
    /** Parks from now on are checked and do not stand all the same. */
    fell: (path: string) => {
      outcome = refusal(path)
    },
    /** Parks end only once the returned function is called. */
    holdGoodbyes: () => {
      let release = () => {}
      goodbye = new Promise((resolve) => {
        release = resolve
      })
      return release
    },
    bring: (id: string) => fleet.bring(id, bytesOf(id)),
    /** Looked at every ten seconds, as a console does. */
    lookFor: (ms: number, id: string) => {
      for (let at = 0; at < ms; at += 10_000) {
        fleet.looked(id)
        clock.advance(10_000)
      }
    },
  }
}

describe('the parks of a host', () => {
  it('brings a park up at the first look, lets it sleep when nobody looks and wakes it at the next look', () => {
    const { fleet, said, clock, lookFor } = fleetOf('campus', 'factory')
    expect(said).toEqual([])
    lookFor(300_000, 'factory')
    expect(said).toEqual(['factory opens'])
    clock.advance(70_000)
    expect(said).toEqual(['factory opens', 'factory sleeps'])
    expect(fleet.awake()).toEqual([])
    fleet.looked('factory')
    expect(said.at(-1)).toBe('factory wakes')
    expect(fleet.awake()).toEqual(['factory'])
  })

  it('never lets the park sleep that it was started for', () => {
    const { fleet, said, clock } = fleetOf('campus')
    fleet.keep('campus')
    clock.advance(3_600_000)
    expect(said).toEqual(['campus opens'])
  })

  it('holds no more parks than it may: the one that slept longest goes, and those looked at stay', () => {
    const { fleet, said, clock, logged } = fleetOf('campus', 'a', 'b', 'c')
    fleet.keep('campus')
    fleet.looked('a')
    clock.advance(30_000)
    fleet.looked('b')
    clock.advance(5000)
    fleet.looked('c')
    fleet.looked('c')
    expect(said).not.toContain('c opens')
    expect(logged.filter((line) => line.startsWith('c is not simulated'))).toHaveLength(1)
    clock.advance(40_000)
    fleet.looked('b')
    fleet.looked('c')
    expect(said.slice(-2)).toEqual(['a ends', 'c opens'])
    expect(fleet.awake()).toEqual(['campus', 'b', 'c'])
  })

  it('knows nothing of sites that it does not offer', () => {
    const { fleet, said } = fleetOf('campus')
    fleet.looked('somebody-elses')
    expect(said).toEqual([])
  })

  it('does not speak over another park of the same id', async () => {
    const { fleet, bring, said, logged } = fleetOf('campus', 'factory')
    fleet.heardSite('factory', encodeJson({ id: 'factory', name: 'A real one' }))
    fleet.heardSite('harbour', encodeJson({ id: 'harbour', name: 'A real one' }))
    fleet.looked('factory')
    expect(said).toEqual([])
    expect(logged[0]).toContain('another site by this id')
    expect(await bring('harbour')).toMatchObject({ ok: false, error: { path: 'id' } })
    expect(await bring('campus')).toMatchObject({ ok: false, error: { path: 'id' } })
    expect(said).toEqual([])
  })

  it('hashes what it would tell of a park once, not with every look of every console', () => {
    const clock = new FakeClock()
    const bytes = vi.fn(() => encodeJson({ id: 'district', name: 'x'.repeat(2_000_000) }))
    const fleet = new ParkFleet({
      clock,
      log: () => {},
      open: () => {
        throw new Error('somebody else runs it')
      },
      offers: [{ id: 'district', name: 'district', bytes }],
    })
    fleet.heardSite('district', encodeJson({ id: 'district', name: 'A real one' }))
    for (let look = 0; look < 20; look++) fleet.looked('district')
    expect(bytes).toHaveBeenCalledTimes(1)
  })

  it('takes a site file that somebody brings, replaces it by its next version and forgets the oldest', async () => {
    const { fleet, bring, said, clock } = fleetOf('campus')
    expect((await bring('mine')).ok).toBe(true)
    fleet.heardSite('mine', encodeJson({ id: 'mine', name: 'mine' }))
    expect((await bring('mine')).ok).toBe(true)
    expect(said).toEqual(['mine opens', 'mine ends', 'mine opens'])
    clock.advance(70_000)
    await bring('second')
    await bring('third')
    expect(fleet.offers().map(({ id }) => id)).toEqual(['campus', 'second', 'third'])
    await settled()
    // what it retained is cleared once it has said goodbye
    expect(said.filter((line) => line.startsWith('mine')).slice(-2)).toEqual(['mine ends', 'mine is forgotten'])
  })

  it('keeps nothing of a site file that is wrong or whose park does not stand', async () => {
    const { fleet, bring, said, refuse, fell } = fleetOf('campus')
    fell('')
    expect(await bring('weak')).toMatchObject({ ok: false, error: { path: '' } })
    expect(said).toEqual(['weak opens', 'weak ends'])
    refuse('equipment.0.id')
    expect(await bring('broken')).toMatchObject({ ok: false, error: { path: 'equipment.0.id' } })
    expect(said).toHaveLength(2)
    expect(fleet.offers().map(({ id }) => id)).toEqual(['campus'])
  })

  it('lets the earlier version run on where the next is wrong, and brings it back where that does not stand', async () => {
    const { fleet, bring, said, refuse, fell } = fleetOf('campus')
    await bring('mine')
    const first = fleet.offer('mine')
    fell('')
    expect((await bring('mine')).ok).toBe(false)
    expect(said).toEqual(['mine opens', 'mine ends', 'mine opens', 'mine ends', 'mine opens'])
    refuse('zones.0.polygon')
    expect((await bring('mine')).ok).toBe(false)
    expect(said).toHaveLength(5)
    expect(fleet.offer('mine')).toBe(first)
    expect(fleet.awake()).toEqual(['mine'])
  })

  it('never runs two parks by one id, whoever looks or brings while one of them still ends', async () => {
    const { fleet, bring, said, holdGoodbyes } = fleetOf('campus', 'factory')
    await bring('mine')
    const release = holdGoodbyes()
    const [second, third] = [bring('mine'), bring('mine')]
    await settled()
    fleet.looked('mine')
    fleet.keep('factory')
    fleet.keep('factory')
    await settled()
    expect(said).toEqual(['mine opens', 'factory opens'])
    release()
    expect([(await second).ok, (await third).ok]).toEqual([true, true])
    expect(said.filter((line) => line.startsWith('mine'))).toEqual([
      ...['mine opens', 'mine ends', 'mine opens', 'mine ends', 'mine opens'],
    ])
    expect(said.filter((line) => line.startsWith('factory'))).toEqual([
      ...['factory opens', 'factory ends', 'factory opens'],
    ])
    await fleet.dispose()
    expect(said.slice(-2).sort()).toEqual(['factory ends', 'mine ends'])
    fleet.looked('mine')
    expect((await bring('mine')).ok).toBe(false)
    expect(said).toHaveLength(10)
  })

  it('opens a park anew that ended by itself, once somebody looks', () => {
    const { fleet, said, lose } = fleetOf('campus', 'factory')
    fleet.looked('factory')
    lose.get('factory')?.()
    expect(fleet.awake()).toEqual([])
    fleet.looked('factory')
    expect(said).toEqual(['factory opens', 'factory opens'])
  })

  it('leaves no timer behind', async () => {
    const { fleet, clock, said } = fleetOf('campus')
    fleet.keep('campus')
    await fleet.dispose()
    expect(said.at(-1)).toBe('campus ends')
    expect(clock.pendingCount).toBe(0)
  })
})
