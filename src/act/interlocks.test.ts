import { describe, expect, it } from 'vitest'
import { fakePark, intent } from './act.fixture.ts'
import { OffTimes } from './interlocks.ts'

describe('interlocks', () => {
  it('do not command a device that is offline, force or not', () => {
    const park = fakePark()
    park.online.set('lamp', false)
    expect(park.actor.submit(intent('lamp', 'dimming', 100, { force: true })).why).toBe('deviceOffline')
  })

  it('ask for force when nobody knows what the device does now', () => {
    const park = fakePark()
    park.online.set('lamp', undefined)
    park.clock.advance(16 * 60_000)
    expect(park.actor.submit(intent('lamp', 'dimming', 100)).why).toBe('staleState')
    expect(park.actor.submit(intent('lamp', 'dimming', 100, { force: true })).state).toBe('publishing')
    park.as('operator')
    expect(park.actor.submit(intent('gate', 'lock', 'locked', { force: true })).why).toBe('forceNeedsManager')
  })

  it('trust the last will of a lamp that had nothing to report for a night', () => {
    const park = fakePark()
    park.clock.advance(8 * 3_600_000)
    expect(park.actor.submit(intent('lamp', 'dimming', 100)).state).toBe('publishing')
  })

  it('leave ways out open while there is a fire', () => {
    const park = fakePark()
    park.fires.push('dock')
    expect(park.actor.submit(intent('gate', 'lock', 'locked', { force: true })).why).toBe('interlock:escapeInFire')
    expect(park.actor.submit(intent('gate', 'lock', 'unlocked')).state).toBe('publishing')
  })

  it('do not close a gate on a person, but open it', () => {
    const park = fakePark()
    park.people.push({ eastM: 3, northM: 1.2, sigmaM: 0.3 })
    expect(park.actor.submit(intent('gate', 'position', 'closed', { force: true })).why).toBe('interlock:personNear')
    expect(park.actor.submit(intent('gate', 'position', 'open')).state).toBe('publishing')
    park.people[0] = { eastM: 3, northM: 6, sigmaM: 0.3 }
    park.report('gate', 'position', 'open')
    expect(park.actor.submit(intent('gate', 'position', 'closed')).state).toBe('publishing')
  })

  it('keep the battery between its limits', () => {
    const park = fakePark()
    park.reported.set('battery/soc', { value: 9, atMs: park.siteNow(), quality: 'good' })
    expect(park.actor.submit(intent('battery', 'mode', 'discharge')).why).toBe('interlock:batteryCharge')
    expect(park.actor.submit(intent('battery', 'mode', 'charge')).state).toBe('publishing')
  })

  it('give a chiller its minimum off time before it starts again', () => {
    const park = fakePark()
    park.report('chiller', 'mode', 'off')
    park.clock.advance(60_000)
    expect(park.actor.submit(intent('chiller', 'mode', 'on')).why).toBe('interlock:minimumOffTime')
    expect(park.actor.submit(intent('chiller', 'mode', 'auto')).state).toBe('publishing')
    park.report('chiller', 'mode', 'auto')
    park.report('chiller', 'mode', 'on')
    park.report('chiller', 'mode', 'off')
    park.clock.advance(10 * 60_000)
    expect(park.actor.submit(intent('chiller', 'mode', 'on')).state).toBe('publishing')
  })

  it('hold a limit that the site sets', () => {
    const limit = { id: 'darkSky', type: 'limit', kind: 'dimming', max: 60 } as const
    const park = fakePark({ more: { policy: { interlocks: [limit] } } })
    expect(park.actor.submit(intent('lamp', 'dimming', 80)).why).toBe('interlock:darkSky')
  })

  it('remember off times of so many points only: ids may come and go for ever', () => {
    const times = new OffTimes()
    const stop = (device: string, atMs: number) => {
      times.note(device, 'mode', true, atMs)
      times.note(device, 'mode', false, atMs)
    }
    for (let i = 0; i <= 10_000; i++) stop(`chiller-${i}`, i)
    expect([0, 1, 10_000].map((i) => times.get(`chiller-${i}`, 'mode'))).toEqual([undefined, 1, 10_000])
  })
})
