import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PublishError } from '../contract/bus.ts'
import type { CommandState } from '../contract/decision.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { fakePark, intent, settled } from './act.fixture.ts'
import { advanceCommand, commandTransitions, isTerminal } from './command-lifecycle.ts'

type News =
  | { readonly kind: 'ack'; readonly accepted: boolean }
  | { readonly kind: 'state'; readonly value: number; readonly named: boolean; readonly ageMs: number }
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'broker'; readonly answer: 'ok' | PublishError['code'] }
  | { readonly kind: 'again' }

const news: fc.Arbitrary<News> = fc.oneof(
  fc.record({ kind: fc.constant('ack' as const), accepted: fc.boolean() }),
  fc.record({
    kind: fc.constant('state' as const),
    value: fc.constantFrom(0, 50, 100),
    named: fc.boolean(),
    ageMs: fc.constantFrom(0, 500, 5000, 60_000),
  }),
  fc.record({ kind: fc.constant('time' as const), ms: fc.constantFrom(10, 2000, 8000, 20_000) }),
  fc.record({
    kind: fc.constant('broker' as const),
    answer: fc.constantFrom('ok' as const, 'linkDown' as const, 'unconfirmed' as const, 'tooLarge' as const),
  }),
  fc.constant({ kind: 'again' as const }),
)

describe('a command under any order of news', () => {
  it('is published at most once, ends once, and is verified only by a fulfilling report made after it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(news, { maxLength: 25 }), async (story) => {
        const park = fakePark()
        park.clock.advance(120_000)
        let answer: (outcome: Result<void, PublishError>) => void = () => {}
        park.publishWill(
          () =>
            new Promise((resolve) => {
              answer = resolve
            }),
        )
        const path: CommandState[] = []
        park.actor.changes.subscribe((record) => {
          if (record.id === 'cmd-t0' && path.at(-1) !== record.state) path.push(record.state)
        })
        const { id, issuedAtMs } = park.actor.submit(intent('lamp', 'dimming', 100))
        let fulfilled = false
        for (const event of story) {
          if (event.kind === 'ack') park.ack('lamp', id, event.accepted ? 'accepted' : 'rejected')
          if (event.kind === 'time') park.clock.advance(event.ms)
          if (event.kind === 'again') park.actor.submit(intent('lamp', 'dimming', 100))
          if (event.kind === 'broker') {
            answer(event.answer === 'ok' ? ok(undefined) : err({ code: event.answer, message: '' }))
            await settled()
          }
          if (event.kind === 'state') {
            const at = park.siteNow() - event.ageMs
            if (event.value === 100 && (event.named || at >= issuedAtMs - 1000)) fulfilled = true
            const named = event.named ? { commandId: id } : {}
            park.actor.onState('lamp', { at, values: { dimming: event.value }, ...named })
          }
        }
        expect(park.sent.filter((s) => s.command.id === id)).toHaveLength(1)
        for (const [i, state] of path.entries()) {
          const next = path[i + 1]
          if (next !== undefined) expect(commandTransitions[state]).toContain(next)
        }
        expect(path.filter(isTerminal).length).toBeLessThanOrEqual(1)
        if (path.includes('verified')) expect(fulfilled).toBe(true)
        park.clock.advance(3_600_000)
        expect(isTerminal(park.actor.command(id)?.state ?? 'sent')).toBe(true)
        park.actor.dispose()
        expect(park.clock.pendingCount).toBe(0)
      }),
      { numRuns: 300 },
    )
  })

  it('throws on a step that the table does not know', () => {
    const { id } = fakePark().actor.submit(intent('lamp', 'dimming', 100))
    const record = { id, device: 'lamp', point: 'dimming', value: 1, reason: '', issuedBy: '', rollbackOffered: false }
    const ended = { ...record, state: 'timedOut' as const, issuedAtMs: 0, expiresAtMs: 0 }
    expect(() => advanceCommand(ended, 'verified')).toThrow(/illegal step timedOut → verified/)
  })
})
