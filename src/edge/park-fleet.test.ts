import { describe, expect, it } from 'vitest'
import { encodeJson } from '../contract/decode.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { ParkFleet } from './park-fleet.ts'
import type { HostedPark } from './sim-thread.ts'
import type { SiteOffer } from './site-source.ts'

const offer = (id: string): SiteOffer => ({ id, name: id, bytes: () => encodeJson({ id, name: id }) })

function fleetOf(...ids: string[]) {
  const clock = new FakeClock()
  const said: string[] = []
  const logged: string[] = []
  const lose = new Map<string, () => void>()
  let outcome: Result<void, { code: 'invalid'; path: string; message: string }> = ok(undefined)
  const open = ({ id }: SiteOffer, onLost: () => void): HostedPark => {
    said.push(`${id} opens`)
    lose.set(id, onLost)
    return {
      opened: Promise.resolve(outcome),
      sleep: () => said.push(`${id} sleeps`),
      wake: () => said.push(`${id} wakes`),
      dispose: async () => void said.push(`${id} ends`),
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
  })
  return {
    clock,
    fleet,
    said,
    logged,
    lose,
    refuse: (path: string) => {
      outcome = err({ code: 'invalid', path, message: 'is wrong' })
    },
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
    const { fleet, said, logged } = fleetOf('campus', 'factory')
    fleet.heardSite('factory', encodeJson({ id: 'factory', name: 'A real one' }))
    fleet.heardSite('harbour', encodeJson({ id: 'harbour', name: 'A real one' }))
    fleet.looked('factory')
    expect(said).toEqual([])
    expect(logged[0]).toContain('another site by this id')
    expect(await fleet.bring(offer('harbour'))).toMatchObject({ ok: false, error: { path: 'id' } })
    expect(await fleet.bring(offer('campus'))).toMatchObject({ ok: false, error: { path: 'id' } })
    expect(said).toEqual([])
  })

  it('takes a site file that somebody brings, replaces it by its next version and forgets the oldest', async () => {
    const { fleet, said, clock } = fleetOf('campus')
    expect((await fleet.bring(offer('mine'))).ok).toBe(true)
    fleet.heardSite('mine', encodeJson({ id: 'mine', name: 'mine' }))
    expect((await fleet.bring(offer('mine'))).ok).toBe(true)
    expect(said).toEqual(['mine opens', 'mine ends', 'mine opens'])
    clock.advance(70_000)
    await fleet.bring(offer('second'))
    await fleet.bring(offer('third'))
    expect(fleet.offers().map(({ id }) => id)).toEqual(['campus', 'second', 'third'])
  })

  it('keeps nothing of a site file whose park does not stand', async () => {
    const { fleet, said, refuse } = fleetOf('campus')
    refuse('equipment.0.id')
    expect(await fleet.bring(offer('broken'))).toMatchObject({ ok: false, error: { path: 'equipment.0.id' } })
    expect(said.at(-1)).toBe('broken ends')
    expect(fleet.offer('broken')).toBeUndefined()
  })

  it('brings the earlier version back where the next does not stand', async () => {
    const { fleet, said, refuse } = fleetOf('campus')
    const first = offer('mine')
    await fleet.bring(first)
    refuse('zones.0.polygon')
    expect((await fleet.bring(offer('mine'))).ok).toBe(false)
    expect(said).toEqual(['mine opens', 'mine ends', 'mine opens', 'mine ends', 'mine opens'])
    expect(fleet.offer('mine')).toBe(first)
    expect(fleet.awake()).toEqual(['mine'])
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
