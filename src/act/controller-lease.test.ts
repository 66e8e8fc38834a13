import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ControllerMessage } from '../contract/messages.ts'
import { heardController, holdsLease, type Lease, newLease, releaseLease, tickLease } from './controller-lease.ts'

const startMs = Date.UTC(2026, 5, 1)
const time = (ms: number, speed = 1) => ({ monotonicMs: ms, siteNowMs: startMs + ms * speed, speed })

function claimed(self: string, atMs = 3000): { lease: Lease; message: ControllerMessage } {
  const { lease, publish } = tickLease(newLease(self, 0), time(atMs))
  if (!publish) throw new Error('no claim')
  return { lease, message: publish }
}

describe('the controller lease', () => {
  it('listens first, then claims what nobody holds, and renews', () => {
    expect(tickLease(newLease('a', 0), time(1000)).publish).toBeUndefined()
    const { lease, message } = claimed('a')
    expect(message).toEqual({ holder: 'a', fence: 1, deadlineMs: startMs + 18_000 })
    expect(tickLease(lease, time(4000)).publish).toBeUndefined()
    expect(tickLease(lease, time(8000)).publish).toMatchObject({ fence: 1, deadlineMs: startMs + 23_000 })
  })

  it('is taken over with a higher fence after the deadline, and the old holder yields', () => {
    const a = claimed('a')
    const b = heardController(newLease('b', 0), a.message, time(3000)).lease
    expect(tickLease(b, time(17_000)).publish).toBeUndefined()
    const taken = tickLease(b, time(18_001))
    expect(taken.publish).toMatchObject({ holder: 'b', fence: 2 })
    const yielded = heardController(a.lease, taken.publish as ControllerMessage, time(18_100)).lease
    expect(holdsLease(yielded, time(18_100))).toBe(false)
  })

  it('is free at once when its holder leaves', () => {
    const a = claimed('a')
    const left = releaseLease(a.lease, time(5000)).publish as ControllerMessage
    const b = heardController(heardController(newLease('b', 0), a.message, time(3000)).lease, left, time(5010)).lease
    expect(tickLease(b, time(5020)).publish).toMatchObject({ holder: 'b', fence: 2 })
  })

  it('does not wait out a deadline written while the site ran a thousand times faster', () => {
    const fast = { holder: 'a', fence: 4, deadlineMs: startMs + 15_000_000 }
    const b = heardController(newLease('b', 0), fast, time(0)).lease
    expect(tickLease(b, time(29_000)).publish).toBeUndefined()
    expect(tickLease(b, time(30_000)).publish).toMatchObject({ holder: 'b', fence: 5 })
  })

  it('leaves at most one holder once every console has heard every claim, in whatever order', () => {
    const order = fc.shuffledSubarray([0, 1, 2], { minLength: 3 })
    fc.assert(
      fc.property(order, order, order, (...orders) => {
        const claims = ['a', 'b', 'c'].map((self) => claimed(self))
        const after = claims.map(({ lease }, i) =>
          (orders[i] ?? []).reduce(
            (held, from) => heardController(held, (claims[from] as (typeof claims)[0]).message, time(3100)).lease,
            lease,
          ),
        )
        expect(after.filter((lease) => holdsLease(lease, time(3200)))).toHaveLength(1)
      }),
    )
  })
})
