import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CommandMessage, PointValue, ScenarioName } from '../contract/messages.ts'
import { buildCampus } from '../site/campus/campus.ts'
import { buildFactory } from '../site/factory/factory.ts'
import { pointInPolygon } from '../site/geometry.ts'
import type { SiteFile } from '../site/schema.ts'
import { tariffAt } from '../site/tariff.ts'
import { createPark, type Park } from './park.ts'

const site = buildCampus()
/** Tuesday 16 June 2026, 09:30 in the park. */
const startMs = Date.UTC(2026, 5, 16, 1, 30)

function park(seed = 1, pastDays = 0.25): Park {
  return createPark({ site, seed, startMs, pastDays })
}

let serial = 0
function command(p: Park, point: string, value: PointValue, more: Partial<CommandMessage> = {}): CommandMessage {
  const nowMs = p.nowMs()
  const id = `c-${++serial}`
  return { id, point, value, issuedAt: nowMs, expiresAt: nowMs + 15_000, issuedBy: 'test', reason: 'test', ...more }
}

function run(p: Park, seconds: number, stepMs = 100): void {
  for (let i = 0; i < (seconds * 1000) / stepMs; i++) p.step(stepMs)
}

function answers(p: Park, device: string) {
  return p.drainMessages(0).filter((m) => m.device === device)
}

function start(p: Park, scenario: ScenarioName): void {
  p.handleScenario({ id: 'story', action: 'start', scenario })
}

function kw(p: Park, meter: string): number {
  return Number(p.value(meter, 'power'))
}

describe('park', { timeout: 30_000 }, () => {
  it('says the same, byte for byte, for the same seed, steps and commands', () => {
    const tell = () => {
      const p = park(5)
      const out: unknown[] = []
      for (let i = 0; i < 60; i++) {
        p.step(1000)
        if (i === 10) p.handleCommand('dock-gate', { ...command(p, 'position', 'open'), id: 'c-x' })
        out.push(p.drainMessages(), p.world())
      }
      return JSON.stringify(out)
    }
    expect(tell()).toBe(tell())
  })

  it('adds its meters up to the site within the losses of the way', () => {
    const p = park()
    run(p, 60, 10_000)
    const children = site.equipment.filter((e) => e.class === 'Electrical_Meter' && e.meteredBy === 'meter-site')
    const sum = children.reduce((total, e) => total + kw(p, e.id), 0)
    expect(kw(p, 'meter-site')).toBeCloseTo(sum + Math.abs(sum) * 0.015, 3)
    const office = site.equipment.filter((e) => e.class === 'Electrical_Meter' && e.meteredBy === 'meter-office-a')
    const parts = office.reduce((total, e) => total + kw(p, e.id), 0)
    expect(kw(p, 'meter-office-a') / parts).toBeCloseTo(1.003, 4)
  })

  it('keeps eight days of quarter-hour means that end now', () => {
    const p = createPark({ site, seed: 1, startMs })
    const profile = p.profiles().find((x) => x.device === 'meter-site')?.message
    expect(profile?.values.length).toBe(768)
    expect((profile?.startMs ?? 0) + 768 * 900_000).toBe(startMs)
    expect(profile?.values.every((x) => x !== null && Number.isFinite(x))).toBe(true)
  })

  it('lets CO₂ rise where people work and fall where they left', () => {
    const p = park()
    const before = Number(p.value('env-a3-west', 'co2'))
    run(p, 2 * 3600, 60_000)
    expect(p.peopleInside('a3-west')).toBeGreaterThan(5)
    const busy = Number(p.value('env-a3-west', 'co2'))
    expect(busy).toBeGreaterThan(before + 15)
    run(p, 14 * 3600, 60_000)
    expect(Number(p.value('env-a3-west', 'co2'))).toBeLessThan(busy - 50)
  })

  it('warms a room whose fan coil is off and cools it when it runs', () => {
    const p = park()
    start(p, 'hot-afternoon-peak')
    p.handleCommand('fcu-a3-west', command(p, 'mode', 'off'))
    run(p, 3600, 30_000)
    const warm = Number(p.value('env-a3-west', 'temperature'))
    expect(warm).toBeGreaterThan(26)
    p.handleCommand('fcu-a3-west', command(p, 'mode', 'auto'))
    run(p, 3600, 30_000)
    expect(Number(p.value('env-a3-west', 'temperature'))).toBeLessThan(warm - 0.5)
  })

  it('loses energy on the way through the battery, and stays within its window', () => {
    const p = park()
    const kwh = () => (Number(p.value('battery-1', 'soc')) / 100) * 600
    p.handleCommand('battery-1', command(p, 'setpoint', 100))
    p.handleCommand('battery-1', command(p, 'mode', 'charge'))
    run(p, 10)
    const before = kwh()
    let boughtKwh = 0
    for (let i = 0; i < 12; i++) {
      p.step(60_000)
      boughtKwh += Number(p.value('battery-1', 'power')) / 60
    }
    const stored = kwh() - before
    expect(stored / boughtKwh).toBeGreaterThan(0.93)
    expect(stored / boughtKwh).toBeLessThan(0.96)
    p.handleCommand('battery-1', command(p, 'setpoint', 200))
    run(p, 3600, 60_000)
    expect(Number(p.value('battery-1', 'soc'))).toBeLessThanOrEqual(95.01)
    p.handleCommand('battery-1', command(p, 'mode', 'discharge'))
    run(p, 3 * 3600, 60_000)
    expect(Number(p.value('battery-1', 'soc'))).toBeGreaterThanOrEqual(9.9)
  })

  it('tells the price of the tariff in force', () => {
    const p = park()
    run(p, 20, 1000)
    expect(p.value('meter-site', 'price')).toBe(tariffAt(site, p.nowMs()).pricePerKwh)
  })

  it('stops people at a locked gate until it is unlocked', () => {
    const p = createPark({ site, seed: 1, startMs: Date.UTC(2026, 5, 15, 23, 30), pastDays: 0.1 })
    const lock = (value: string) => p.handleCommand('gate-walk', command(p, 'lock', value))
    lock('locked')
    run(p, 20 * 60, 500)
    const waiting = p.world().actors.filter((a) => a.kind === 'person' && a.speedMps < 0.1 && a.at[1] < -70)
    expect(waiting.length).toBeGreaterThan(0)
    expect(p.world().actors.some((a) => a.kind === 'person' && a.at[0] < -19 && a.at[1] > -70 && a.at[1] < -64)).toBe(
      false,
    )
    lock('unlocked')
    run(p, 120, 500)
    const still = new Set(
      p
        .world()
        .actors.filter((a) => a.at[1] < -70)
        .map((a) => a.id),
    )
    expect(waiting.filter((a) => still.has(a.id)).length).toBeLessThan(waiting.length)
  })
})

describe('a park with summer time', { timeout: 30_000 }, () => {
  const berlin = { ...site, geo: { ...site.geo, utcOffsetMinutes: 60, timeZone: 'Europe/Berlin' } }
  /** Summer time begins on Sunday 29 March 2026, 01:00 UTC. */
  const changeMs = Date.UTC(2026, 2, 29, 1)

  it('goes by the local time in force, before and after the change and in the past it lived through', () => {
    const p = createPark({ site: berlin, seed: 1, startMs: changeMs - 60_000, pastDays: 0 })
    expect(p.site.geo.utcOffsetMinutes).toBe(60)
    run(p, 120, 1000)
    expect(p.site.geo.utcOffsetMinutes).toBe(120)
    const july = createPark({ site: berlin, seed: 1, startMs: Date.UTC(2026, 6, 14, 6), pastDays: 0 })
    run(july, 5, 1000)
    expect(july.value('meter-site', 'price')).toBe(
      tariffAt({ ...berlin, geo: { ...berlin.geo, utcOffsetMinutes: 120 } }, july.nowMs()).pricePerKwh,
    )
    expect(berlin.geo.utcOffsetMinutes).toBe(60)
  })

  it('tells a story at the hour it belongs to, also where the clock is changed before it', () => {
    const p = createPark({ site: berlin, seed: 1, startMs: changeMs - 10 * 3_600_000, pastDays: 0 })
    start(p, 'hot-afternoon-peak')
    // Monday, 14:00 in summer time.
    expect(p.nowMs()).toBe(Date.UTC(2026, 2, 30, 12))
  })
})

describe('commands', { timeout: 30_000 }, () => {
  it('moves the gate over its own time, then reports it with the command that asked', () => {
    const p = park()
    const ask = command(p, 'position', 'open')
    p.drainMessages()
    p.handleCommand('dock-gate', ask)
    run(p, 2)
    expect(answers(p, 'dock-gate').map((m) => m.channel)).toEqual(['ack'])
    run(p, 8)
    const state = answers(p, 'dock-gate').find((m) => m.channel === 'state')
    expect(state?.message).toMatchObject({ commandId: ask.id, values: { position: 'open' } })
    expect(Number(p.value('dock-gate', 'opening'))).toBeGreaterThan(98)
  })

  it.each<[string, string, PointValue, Partial<CommandMessage>, RegExp]>([
    ['dock-lights', 'power', 3, {}, /not writable/],
    ['dock-lights', 'nothing', 3, {}, /no point/],
    ['dock-lights', 'dimming', 140, {}, /above 100/],
    ['chiller-1', 'mode', 'turbo', {}, /one of/],
    ['dock-lights', 'on', true, { expiresAt: startMs - 1 }, /expired/],
  ])('refuses %s %s = %s', (device, point, value, more, why) => {
    const p = park()
    p.handleCommand(device, command(p, point, value, more))
    const ack = p.drainMessages(0).find((m) => m.channel === 'ack')
    expect(ack?.message).toMatchObject({ status: 'rejected', error: expect.stringMatching(why) })
  })

  it('will not open what is locked', () => {
    const p = park()
    p.handleCommand('dock-gate', command(p, 'lock', 'locked'))
    run(p, 12)
    p.drainMessages()
    p.handleCommand('dock-gate', command(p, 'position', 'open'))
    expect(answers(p, 'dock-gate')[0]?.message).toMatchObject({ status: 'rejected', error: 'locked' })
  })

  it('carries out a command that arrives twice once', () => {
    const p = park()
    const ask = command(p, 'on', true)
    p.drainMessages()
    p.handleCommand('dock-lights', ask)
    p.handleCommand('dock-lights', ask)
    run(p, 1)
    expect(answers(p, 'dock-lights').filter((m) => m.channel === 'ack').length).toBe(1)
  })

  it.each([
    ['mute', []],
    ['silent', ['ack']],
    ['reject', ['ack']],
    ['stuck', ['ack', 'state']],
  ] as const)('shows a device that is %s', (fault, expected) => {
    const p = park()
    p.inject('dock-lights', fault)
    p.drainMessages()
    p.handleCommand('dock-lights', command(p, 'on', true))
    run(p, 3)
    expect(answers(p, 'dock-lights').map((m) => m.channel)).toEqual(expected)
    expect(p.value('dock-lights', 'on')).toBe(false)
  })

  it('acknowledges each accepted command once, in whatever order commands and time come', () => {
    const p = park()
    const lights = site.equipment.filter((e) => e.class === 'Luminaire').map((e) => e.id)
    fc.assert(
      fc.property(
        fc.array(fc.record({ light: fc.nat(lights.length - 1), pct: fc.nat(100), waitMs: fc.nat(900) }), {
          maxLength: 12,
        }),
        (asks) => {
          p.drainMessages()
          const ids = asks.map(({ light, pct, waitMs }) => {
            const ask = command(p, 'dimming', pct)
            p.handleCommand(lights[light] ?? '', ask)
            p.step(waitMs + 1)
            return ask.id
          })
          run(p, 1)
          const told = p.drainMessages(0)
          const acked = told.flatMap((m) => (m.channel === 'ack' ? [m.message.id] : []))
          const settled = told.flatMap((m) =>
            m.channel === 'state' && m.message.commandId ? [m.message.commandId] : [],
          )
          expect(acked).toEqual(ids)
          expect([...settled].sort()).toEqual([...ids].sort())
        },
      ),
      { numRuns: 25 },
    )
  })
})

describe('intruder-at-dock', { timeout: 30_000 }, () => {
  const dock = site.zones.find((z) => z.id === 'dock')?.polygon ?? []
  const inDock = (p: Park) => {
    const actor = p.world().actors.find((a) => a.id === 'intruder')
    return actor !== undefined && pointInPolygon(actor.at[0], actor.at[1], dock)
  }

  it('comes at two at night, is in the dock within ten seconds, forces the door, stays, and goes', () => {
    const p = park()
    start(p, 'intruder-at-dock')
    expect(new Date(p.nowMs() + 8 * 3_600_000).getUTCHours()).toBe(2)
    expect(p.jump).toBe(1)
    run(p, 10)
    expect(inDock(p)).toBe(true)
    run(p, 6)
    expect(p.value('dock-door', 'contact')).toBe(true)
    expect(p.value('dock-gate', 'position')).toBe('open')
    for (let i = 0; i < 40; i++) {
      run(p, 1)
      expect(inDock(p)).toBe(true)
    }
    run(p, 70)
    expect(p.world().actors.some((a) => a.id === 'intruder')).toBe(false)
    expect(p.runningStory).toBeUndefined()
  })

  it.each<[string, string, PointValue]>([
    ['dock-lights', 'on', true],
    ['dock-gate', 'position', 'closed'],
    ['guard-desk', 'message', 'intruder at the dock'],
  ])('is driven off by %s', (device, point, value) => {
    const p = park()
    start(p, 'intruder-at-dock')
    run(p, 20)
    p.handleCommand(device, command(p, point, value))
    run(p, 25)
    expect(inDock(p)).toBe(false)
    expect(p.log().some((line) => line.includes('leaves'))).toBe(true)
  })

  it('comes again the next night, whatever the first one made people do', () => {
    const p = park()
    start(p, 'intruder-at-dock')
    run(p, 20)
    for (const [device, point, value] of [
      ['dock-lights', 'dimming', 100],
      ['guard-desk', 'message', 'intruder at the dock'],
      ['dock-gate', 'position', 'closed'],
      ['dock-gate', 'lock', 'locked'],
    ] as const)
      p.handleCommand(device, command(p, point, value))
    run(p, 40)
    expect(p.value('dock-gate', 'lock')).toBe('locked')
    start(p, 'intruder-at-dock')
    expect(p.value('dock-gate', 'lock')).toBe('unlocked')
    run(p, 50)
    expect(inDock(p)).toBe(true)
  })

  it('is taken off the stage when stopped', () => {
    const p = park()
    start(p, 'intruder-at-dock')
    run(p, 5)
    p.handleScenario({ id: 'x', action: 'stop', scenario: 'intruder-at-dock' })
    expect(p.world().actors.some((a) => a.id === 'intruder')).toBe(false)
  })
})

describe('a story that the site has no place for', { timeout: 30_000 }, () => {
  it.each<[ScenarioName, Partial<SiteFile>, string]>([
    ['intruder-at-dock', { life: undefined }, 'the site file has no life.intruder'],
    ['room-on-fire', { zones: [] }, 'the site file has no zone of kind storage in a building'],
    ['chiller-stuck-on', { equipment: [] }, 'the site file has no Chiller'],
  ])('%s is refused, and the log says why', (scenario, without, why) => {
    const p = createPark({ site: { ...site, ...without }, seed: 1, startMs, pastDays: 0 })
    start(p, scenario)
    expect(p.log()).toEqual([`${scenario} refused: ${why}`])
    expect(p.jump).toBe(0)
    expect(p.runningStory).toBeUndefined()
    run(p, 1)
    expect(p.world().actors.some((a) => a.id === 'intruder')).toBe(false)
  })

  it('takes its places from the site: a factory tells it at its own dock', () => {
    const factory = buildFactory()
    const p = createPark({ site: factory, seed: 1, startMs, pastDays: 0 })
    start(p, 'intruder-at-dock')
    run(p, 40)
    const at = p.world().actors.find((a) => a.id === 'intruder')?.at
    const near = factory.life?.intruder?.rounds.some(
      ([east, north]) => at && Math.hypot(at[0] - east, at[1] - north) < 25,
    )
    expect(near).toBe(true)
  })
})

describe('room-on-fire', { timeout: 30_000 }, () => {
  it('heats, smokes and trips the detector, until power, air and people are out', () => {
    const p = park()
    run(p, 5)
    const coolC = Number(p.value('env-lab-store', 'temperature'))
    start(p, 'room-on-fire')
    run(p, 150)
    expect(p.value('smoke-lab-store', 'smoke')).toBe(true)
    expect(Number(p.value('env-lab-store', 'pm25'))).toBeGreaterThan(300)
    expect(Number(p.value('env-lab-store', 'temperature'))).toBeGreaterThan(coolC + 1)
    expect(p.world().fires[0]?.intensity).toBeGreaterThan(0.3)
    p.handleCommand('power-lab-store', command(p, 'on', false))
    p.handleCommand('ahu-lab', command(p, 'mode', 'off'))
    p.handleCommand('siren-lab', command(p, 'on', true))
    run(p, 240, 500)
    expect(p.world().fires).toEqual([])
    expect(p.peopleInside('lab-chem')).toBe(0)
  })

  it('leaves no smoke behind for long: the detector is quiet again a quarter of an hour after the fire is out', () => {
    const p = park()
    start(p, 'room-on-fire')
    run(p, 150)
    p.handleCommand('power-lab-store', command(p, 'on', false))
    p.handleCommand('ahu-lab', command(p, 'mode', 'off'))
    p.handleCommand('siren-lab', command(p, 'on', true))
    run(p, 200, 500)
    expect(p.world().fires).toEqual([])
    expect(p.value('smoke-lab-store', 'smoke')).toBe(true)
    run(p, 900, 1000)
    expect(p.value('smoke-lab-store', 'smoke')).toBe(false)
    expect(p.runningStory).toBeUndefined()
    // Told again, it burns again: power and air are back as they usually are, and so are lights.
    p.handleCommand('dock-lights', command(p, 'dimming', 100))
    run(p, 2)
    expect(p.value('dock-lights', 'dimming')).toBe(100)
    start(p, 'room-on-fire')
    run(p, 150)
    expect(p.world().fires[0]?.intensity).toBeGreaterThan(0.3)
    expect(p.value('dock-lights', 'dimming')).toBe(0)
  })
})

describe('room-on-fire in haze', { timeout: 30_000 }, () => {
  it('ends when the room is as clean as the air it is blown out with', () => {
    const p = createPark({ site, seed: 1, startMs: Date.UTC(2026, 1, 12, 12), pastDays: 0.25 })
    start(p, 'room-on-fire')
    run(p, 150)
    p.handleCommand('power-lab-store', command(p, 'on', false))
    p.handleCommand('ahu-lab', command(p, 'mode', 'off'))
    p.handleCommand('siren-lab', command(p, 'on', true))
    run(p, 1100, 1000)
    expect(Number(p.value('weather', 'pm25'))).toBeGreaterThan(65)
    expect(p.value('smoke-lab-store', 'smoke')).toBe(false)
    expect(p.runningStory).toBeUndefined()
  })
})

describe('chiller-stuck-on', { timeout: 30_000 }, () => {
  it('runs high on Saturday night until put back to automatic', () => {
    const p = park()
    start(p, 'chiller-stuck-on')
    run(p, 60, 1000)
    expect(new Date(p.nowMs() + 8 * 3_600_000).getUTCDay()).toBe(6)
    expect(kw(p, 'meter-chillers')).toBeGreaterThan(40)
    p.handleCommand('chiller-1', command(p, 'mode', 'auto'))
    run(p, 60, 1000)
    expect(kw(p, 'meter-chillers')).toBeLessThan(5)
    expect(p.runningStory).toBeUndefined()
  })
})

describe('hot-afternoon-peak', { timeout: 30_000 }, () => {
  it('is hot, dear and near the agreed demand; the battery shaves it', () => {
    const p = park(1, 3)
    start(p, 'hot-afternoon-peak')
    run(p, 600, 10_000)
    expect(Number(p.value('weather', 'temperature'))).toBeGreaterThan(35)
    expect(tariffAt(site, p.nowMs()).name).toBe('sharp')
    const before = kw(p, 'meter-site')
    expect(before).toBeGreaterThan(0.85 * site.tariff.demandLimitKw)
    p.handleCommand('battery-1', command(p, 'setpoint', 150))
    p.handleCommand('battery-1', command(p, 'mode', 'discharge'))
    run(p, 60, 1000)
    expect(kw(p, 'meter-site')).toBeLessThan(before - 120)
  })
})

describe('speed', { timeout: 30_000 }, () => {
  it('lives through an hour of a working day in well under a second', () => {
    const p = park()
    const beganMs = performance.now()
    for (let i = 0; i < 60; i++) {
      p.step(60_000)
      p.drainMessages()
    }
    // 600 times real time would take six seconds
    expect(performance.now() - beganMs).toBeLessThan(3000)
  })
})
