import { describe, expect, it } from 'vitest'
import { type Plan, type PlanStep, plan as planSchema } from '../contract/decision.ts'
import { validate } from '../contract/decode.ts'
import type { Clock } from '../platform/clock.ts'
import { fakePark, intent, type Park } from './act.fixture.ts'
import { createPlanRunner, type PlanProgress } from './plan-runner.ts'

const step = (device: string, point: string, value: PlanStep['value']): PlanStep => ({
  device,
  point,
  value,
  reason: { en: 'because', zh: '因为' },
})

const securing = [step('gate', 'position', 'closed'), step('gate', 'lock', 'locked'), step('lamp', 'dimming', 100)]

function plan(steps: PlanStep[], more: Partial<Plan> = {}): Plan {
  return {
    id: 'plan-1',
    incidentId: 'incident-1',
    playbook: 'intrusion',
    state: 'approved',
    title: 'Secure the dock',
    reason: 'Somebody is there',
    steps,
    expected: {},
    proposedAtMs: 0,
    updatedAtMs: 0,
    decidedBy: 'grace',
    revision: 1,
    ...more,
  }
}

function running(park: Park, steps: PlanStep[], clock: Clock = park.clock) {
  const runner = createPlanRunner({ actor: park.actor, clock, siteNow: park.siteNow, view: park.view })
  const told: PlanProgress[] = []
  runner.progress.subscribe((progress) => told.push(progress))
  runner.run(plan(steps))
  return { runner, told, last: () => told.at(-1) }
}

const commandOf = (park: Park, device: string, point: string) =>
  park.sent.find((s) => s.topic.includes(`/${device}/`) && s.command.point === point)?.command.id ?? ''

describe('carrying out a plan', () => {
  it('lights first, devices in parallel, one device in order; verified when all is', () => {
    const park = fakePark()
    const { runner, last } = running(park, securing)
    expect(park.sent.map((s) => s.command.point)).toEqual(['dimming', 'position'])
    expect(park.sent.every((s) => s.command.planId === 'plan-1' && s.command.issuedBy === 'grace')).toBe(true)
    park.report('lamp', 'dimming', 100, commandOf(park, 'lamp', 'dimming'))
    park.report('gate', 'position', 'closed', commandOf(park, 'gate', 'position'))
    expect(last()?.state).toBe('executing')
    park.report('gate', 'lock', 'locked', commandOf(park, 'gate', 'lock'))
    expect(last()).toMatchObject({ state: 'verified', steps: [{ commandId: 'cmd-t1' }, {}, {}] })
    expect(runner.run(plan(securing))).toBe(false)
  })

  it('says which step failed, skips what hung on it, does the rest, and can undo what was done', () => {
    const park = fakePark()
    const { last } = running(park, securing)
    park.report('lamp', 'dimming', 100, commandOf(park, 'lamp', 'dimming'))
    park.clock.advance(15_000)
    expect(last()).toMatchObject({ state: 'failed', failure: { step: 0, why: 'timedOut:noAck' } })
    expect(park.sent).toHaveLength(2)
    for (const { command } of park.sent) expect(park.actor.command(command.id)?.rollbackOffered).toBe(true)
  })

  it('waits for a person to step out of the gate, then closes it', () => {
    const park = fakePark()
    park.people.push({ eastM: 2, northM: 0, sigmaM: 0.2 })
    const { last } = running(park, [step('gate', 'position', 'closed')])
    park.clock.advance(5000)
    expect(park.sent).toHaveLength(0)
    expect(last()?.state).toBe('executing')
    park.people.length = 0
    park.clock.advance(1000)
    expect(park.sent).toHaveLength(1)
  })

  it('gives up waiting in the end and says what stood in the way', () => {
    const park = fakePark()
    park.people.push({ eastM: 2, northM: 0, sigmaM: 0.2 })
    const { last } = running(park, [step('gate', 'position', 'closed')])
    park.clock.advance(91_000)
    expect(last()).toMatchObject({ state: 'failed', failure: { why: 'interlock:personNear' } })
    expect(park.clock.pendingCount).toBe(0)
  })

  it('begins nothing after a sleep of hours, in which timers stood still and others gave the plan up', () => {
    for (const wake of ['timer', 'report'] as const) {
      const park = fakePark()
      let sleptMs = 0
      const clock: Clock = {
        nowMs: () => park.clock.nowMs() + sleptMs,
        monotonicMs: () => park.clock.monotonicMs(),
        after: (delayMs, run) => park.clock.after(delayMs, run),
        every: (periodMs, run) => park.clock.every(periodMs, run),
      }
      park.people.push({ eastM: 2, northM: 0, sigmaM: 0.2 })
      const { last } = running(park, securing, clock)
      sleptMs = 8 * 3_600_000
      park.people.length = 0
      if (wake === 'report') park.report('lamp', 'dimming', 100, commandOf(park, 'lamp', 'dimming'))
      park.clock.advance(30_000)
      expect(park.sent.map((s) => s.command.point)).toEqual(['dimming'])
      expect(last()).toMatchObject({ state: 'failed', failure: { why: 'abandoned' } })
    }
  })

  it('begins nothing more of a plan that ended elsewhere', () => {
    const park = fakePark()
    park.people.push({ eastM: 2, northM: 0, sigmaM: 0.2 })
    const { runner } = running(park, securing)
    runner.stop('plan-1')
    park.people.length = 0
    park.report('lamp', 'dimming', 100, commandOf(park, 'lamp', 'dimming'))
    park.clock.advance(30_000)
    expect(park.sent.map((s) => s.command.point)).toEqual(['dimming'])
    expect(park.clock.pendingCount).toBe(0)
  })

  it('does not command what is so already', () => {
    const park = fakePark()
    park.actor.submit(intent('lamp', 'dimming', 100))
    park.report('lamp', 'dimming', 100)
    const { last } = running(park, [step('lamp', 'dimming', 100)])
    expect(last()?.state).toBe('verified')
    expect(park.sent).toHaveLength(1)
  })

  it('commands what is only so by a doubtful or old report, and waits for a command that is about to change it', () => {
    const park = fakePark()
    const lamp = [step('lamp', 'dimming', 0)]
    park.reported.set('lamp/dimming', { value: 0, atMs: park.siteNow(), quality: 'uncertain' })
    running(park, lamp)
    expect(park.sent.map(({ command }) => command.value)).toEqual([0])

    const moving = fakePark()
    const other = moving.actor.submit(intent('lamp', 'dimming', 80))
    expect(moving.actor.commanded('lamp', 'dimming')).toBe(80)
    const { last } = running(moving, lamp)
    expect(last()?.state).toBe('executing')
    moving.report('lamp', 'dimming', 80, other.id)
    moving.clock.advance(1000)
    expect(moving.sent.map(({ command }) => command.value)).toEqual([80, 0])
    moving.report('lamp', 'dimming', 0, commandOf(moving, 'lamp', 'dimming'))

    const old = fakePark()
    old.online.set('lamp', undefined)
    old.clock.advance(1_000_000)
    expect(running(old, lamp).last()).toMatchObject({ state: 'failed', failure: { why: 'staleState' } })
  })

  it('says once a minute that it is still at work, and not more often', () => {
    const park = fakePark({ more: { policy: { commandTtlMs: 300_000 } } })
    park.people.push({ eastM: 2, northM: 0, sigmaM: 0.2 })
    const slow = running(park, [step('lamp', 'dimming', 100)])
    const held = running(park, [step('gate', 'position', 'closed')])
    park.clock.advance(59_000)
    expect([slow.told.length, held.told.length]).toEqual([1, 1])
    park.clock.advance(2000)
    for (const { told } of [slow, held]) expect(told.map(({ state }) => state)).toEqual(['executing', 'executing'])
  })

  it('keeps a long reason of a device to what a plan holds', () => {
    const park = fakePark()
    const { last } = running(park, [step('lamp', 'dimming', 100)])
    park.ack('lamp', commandOf(park, 'lamp', 'dimming'), 'rejected', 'e'.repeat(500))
    const { failure, steps, state } = last() ?? {}
    expect(failure?.why).toMatch(/^rejected:e+$/)
    const atMs = park.siteNow()
    const told = { ...plan([...(steps ?? [])]), state, failure, proposedAtMs: atMs, updatedAtMs: atMs }
    expect(validate(planSchema, told)).toMatchObject({ ok: true })
  })
})
