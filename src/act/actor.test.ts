import { describe, expect, it } from 'vitest'
import { err, ok } from '../platform/result.ts'
import { fakePark, intent, settled } from './act.fixture.ts'

describe('a command that goes well', () => {
  it('is published once with id, deadline and reason, acknowledged, and verified by what the device reports', async () => {
    const park = fakePark()
    const issued = park.actor.submit(intent('lamp', 'dimming', 100, { reason: 'someone at the dock' }))
    await settled()
    expect(park.actor.command(issued.id)?.state).toBe('sent')
    expect(park.sent).toHaveLength(1)
    const [{ topic, command, request }] = park.sent as [(typeof park.sent)[number]]
    expect(topic).toBe('parkloop/v1/yard/device/lamp/command')
    expect(command).toMatchObject({ id: issued.id, value: 100, reason: 'someone at the dock', issuedBy: 'ada' })
    expect(command.expiresAt - command.issuedAt).toBe(15_000)
    expect(request).toMatchObject({ qos: 1, retain: false, expirySeconds: 15, correlation: issued.id })

    park.clock.advance(40)
    park.ack('lamp', issued.id)
    expect(park.actor.command(issued.id)?.state).toBe('acknowledged')
    park.clock.advance(900)
    park.report('lamp', 'dimming', 99.5, issued.id)
    expect(park.actor.command(issued.id)).toMatchObject({
      state: 'verified',
      previous: 0,
      reported: 99.5,
      latency: { sentMs: 0, acknowledgedMs: 40, settledMs: 940 },
    })
    expect(park.audit.map((line) => line.action)).toEqual([
      'command.issued',
      'command.acknowledged',
      'command.verified',
    ])
    expect(park.clock.pendingCount).toBe(0)
  })

  it('offers an undo, which is a command of its own and is offered once', async () => {
    const park = fakePark()
    const { id } = park.actor.submit(intent('lamp', 'dimming', 100))
    park.report('lamp', 'dimming', 100, id)
    const undo = park.actor.rollback(id, 'ada')
    expect(undo.ok && undo.value).toMatchObject({ value: 0, rollbackOf: id })
    expect(park.actor.command(id)?.rollbackOffered).toBe(false)
    expect(park.actor.rollback(id, 'ada').ok).toBe(false)
    expect(park.sent.map((s) => s.command.value)).toEqual([100, 0])
  })

  it('offers the undo again where it did not come about: the link was down, or the device did not obey', async () => {
    const park = fakePark()
    const { id } = park.actor.submit(intent('lamp', 'dimming', 100))
    park.report('lamp', 'dimming', 100, id)
    park.publishWill(() => Promise.resolve(err({ code: 'linkDown', message: 'offline' })))
    const lost = park.actor.rollback(id, 'ada')
    await settled()
    expect(lost.ok && park.actor.command(lost.value.id)).toMatchObject({ state: 'cancelled', rollbackOffered: false })
    expect(park.actor.command(id)?.rollbackOffered).toBe(true)

    park.publishWill(() => Promise.resolve(ok(undefined)))
    const unheard = park.actor.rollback(id, 'ada')
    await settled()
    expect(park.actor.command(id)?.rollbackOffered).toBe(false)
    expect(park.actor.rollback(id, 'ada')).toEqual({ ok: false, error: 'noRollback' })
    park.clock.advance(15_000)
    expect(unheard.ok && park.actor.command(unheard.value.id)?.state).toBe('timedOut')
    expect(park.actor.command(id)?.rollbackOffered).toBe(true)

    const heard = park.actor.rollback(id, 'ada')
    await settled()
    if (heard.ok) park.report('lamp', 'dimming', 0, heard.value.id)
    expect(heard.ok && park.actor.command(heard.value.id)?.state).toBe('verified')
    expect(park.actor.command(id)?.rollbackOffered).toBe(false)
  })

  it('waits in site time: a fast park has less wall time to settle, with a floor', async () => {
    const fast = fakePark({ speed: 600 })
    const { id } = fast.actor.submit(intent('gate', 'position', 'closed'))
    await settled()
    expect(fast.sent[0]?.command.expiresAt).toBe(fast.siteNow() + 15_000 * 600)
    fast.ack('gate', id)
    fast.clock.advance(2999)
    expect(fast.actor.command(id)?.state).toBe('acknowledged')
    fast.clock.advance(2)
    expect(fast.actor.command(id)?.state).toBe('timedOut')
  })
})

describe('a command that goes wrong', () => {
  it('times out when the actuator never answers, offers the rollback and leaves an audit line', async () => {
    const park = fakePark()
    const { id } = park.actor.submit(intent('gate', 'position', 'closed'))
    await settled()
    park.clock.advance(15_000)
    expect(park.actor.command(id)).toMatchObject({ state: 'timedOut', why: 'noAck', rollbackOffered: true })
    expect(park.audit.at(-1)).toMatchObject({ action: 'command.timedOut', subject: 'gate/position' })
  })

  it('times out when the device said yes but nothing moved', async () => {
    const park = fakePark()
    const { id } = park.actor.submit(intent('gate', 'position', 'closed'))
    park.ack('gate', id)
    park.report('gate', 'lock', 'unlocked')
    park.clock.advance(12_000)
    expect(park.actor.command(id)).toMatchObject({ state: 'timedOut', why: 'noState' })
  })

  it('diverges when the reported state settles on something else', async () => {
    const park = fakePark()
    const { id } = park.actor.submit(intent('lamp', 'dimming', 100))
    park.ack('lamp', id)
    park.clock.advance(500)
    park.report('lamp', 'dimming', 35, id)
    expect(park.actor.command(id)?.state).toBe('acknowledged')
    park.clock.advance(3000)
    expect(park.actor.command(id)).toMatchObject({ state: 'diverged', reported: 35, rollbackOffered: true })
  })

  it('is verified though the device’s clock is seconds behind: its acknowledgement tells how it counts', async () => {
    const park = fakePark()
    park.clock.advance(60_000)
    const behind = () => park.siteNow() - 8000
    const { id } = park.actor.submit(intent('lamp', 'dimming', 100))
    park.actor.onState('lamp', { at: behind(), values: { dimming: 100 } })
    park.actor.onAck('lamp', { id, status: 'accepted', at: behind() })
    park.actor.onState('lamp', { at: behind() - 30_000, values: { dimming: 100 } })
    expect(park.actor.command(id)?.state).toBe('acknowledged')
    park.clock.advance(500)
    park.actor.onState('lamp', { at: behind(), values: { dimming: 100 } })
    expect(park.actor.command(id)?.state).toBe('verified')

    const missed = park.actor.submit(intent('lamp', 'dimming', 20))
    park.actor.onAck('lamp', { id: missed.id, status: 'accepted', at: behind() })
    park.clock.advance(500)
    park.reported.set('lamp/dimming', { value: 20, atMs: behind(), quality: 'good' })
    park.clock.advance(3000)
    expect(park.actor.command(missed.id)?.state).toBe('verified')
  })

  it('is not verified by a report older than itself', async () => {
    const park = fakePark()
    park.clock.advance(60_000)
    const { id } = park.actor.submit(intent('lamp', 'dimming', 100))
    park.actor.onState('lamp', { at: park.siteNow() - 30_000, values: { dimming: 100 } })
    expect(park.actor.command(id)?.state).toBe('publishing')
  })

  it('carries the word of the device that refuses', async () => {
    const park = fakePark()
    const { id } = park.actor.submit(intent('gate', 'lock', 'locked'))
    park.ack('gate', id, 'rejected', 'bolt jammed')
    expect(park.actor.command(id)).toMatchObject({ state: 'rejected', why: 'bolt jammed', rollbackOffered: false })
  })

  it('is cancelled, not queued, when the link is down', async () => {
    const park = fakePark()
    park.publishWill(() => Promise.resolve(err({ code: 'linkDown', message: 'offline' })))
    const { id } = park.actor.submit(intent('lamp', 'dimming', 100))
    await settled()
    expect(park.actor.command(id)).toMatchObject({ state: 'cancelled', why: 'linkLost' })
    park.publishWill(() => Promise.reject(new Error('must not be called')))
    park.clock.advance(60_000)
    expect(park.sent).toHaveLength(1)
  })

  it('stays honest when the broker dies in mid-command: waits for the device, sends nothing again', async () => {
    const park = fakePark()
    park.publishWill(() => Promise.resolve(err({ code: 'unconfirmed', message: 'connection lost' })))
    const lost = park.actor.submit(intent('lamp', 'dimming', 100))
    const arrived = park.actor.submit(intent('gate', 'lock', 'locked'))
    await settled()
    expect(park.actor.command(lost.id)).toMatchObject({ state: 'sent', why: 'unconfirmed' })
    park.clock.advance(4000)
    park.report('gate', 'lock', 'locked', arrived.id)
    park.clock.advance(20_000)
    expect(park.actor.command(arrived.id)).toMatchObject({ state: 'verified' })
    expect(park.actor.command(lost.id)).toMatchObject({ state: 'timedOut', why: 'noAck' })
    expect(park.sent).toHaveLength(2)
  })
})

describe('who may ask and what', () => {
  it('refuses viewers, unknown devices, read-only points and values that do not fit', () => {
    const park = fakePark()
    const why = (...args: Parameters<typeof intent>) => park.actor.submit(intent(...args)).why
    expect(why('nobody', 'on', true)).toBe('unknownDevice')
    expect(why('lamp', 'nothing', 1)).toBe('unknownPoint')
    expect(why('meter', 'power', 1)).toBe('notWritable')
    expect(why('lamp', 'dimming', 101)).toBe('outOfRange')
    expect(why('lamp', 'dimming', 'bright')).toBe('wrongType')
    expect(why('gate', 'position', 'ajar')).toBe('notAnAcceptedWord')
    park.as('viewer')
    expect(why('lamp', 'dimming', 50)).toBe('role')
    expect(park.sent).toHaveLength(0)
    expect(park.audit.every((line) => line.action === 'command.refused')).toBe(true)
  })

  it('leaves plant, power and sirens to a manager; nothing waits where nobody could decide it', () => {
    const park = fakePark()
    park.as('operator')
    const record = park.actor.submit(intent('chiller', 'mode', 'off'))
    expect(record).toMatchObject({ state: 'refused', why: 'role' })
    expect(park.actor.submit(intent('lamp', 'dimming', 50)).state).toBe('publishing')
    expect(park.actor.submit(intent('chiller', 'mode', 'off'), { role: 'automation' }).state).toBe('publishing')
    park.as('manager')
    expect(park.actor.submit(intent('battery', 'mode', 'charge')).state).toBe('publishing')
  })

  it('refuses a second command to a point while the first is under way', () => {
    const park = fakePark()
    park.actor.submit(intent('lamp', 'dimming', 100))
    expect(park.actor.submit(intent('lamp', 'dimming', 50)).why).toBe('inFlight')
  })

  it('keeps 500 records and never forgets one under way', () => {
    const park = fakePark()
    const { id } = park.actor.submit(intent('lamp', 'dimming', 100))
    for (let i = 0; i < 600; i++) park.actor.submit(intent('nobody', 'on', true))
    expect(park.actor.commands()).toHaveLength(500)
    expect(park.actor.command(id)?.state).toBe('publishing')
  })
})
