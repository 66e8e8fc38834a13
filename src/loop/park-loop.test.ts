import { describe, expect, it } from 'vitest'
import type { Role } from '../act/check-intent.ts'
import type { AuditMessage, CommandMessage, ControllerMessage, ProfileMessage } from '../contract/messages.ts'
import type { BandBreak } from '../contract/perception.ts'
import type { InferenceEvent } from '../infer/inference.ts'
import { buildCampus } from '../site/campus/campus.ts'
import type { Camera } from '../site/schema.ts'
import { FakeBroker, FakeBus } from '../testing/fake-bus.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { FakeInference } from '../testing/fake-inference.ts'
import { ParkLoop } from './park-loop.ts'

const site = buildCampus()
/** Saturday 20 June 2026, 01:00 in the park. */
const saturdayMs = Date.UTC(2026, 5, 19, 17)

async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

function open(name = 'console-a', { broker = new FakeBroker(), clock = new FakeClock(saturdayMs) } = {}) {
  const bus = new FakeBus(broker)
  const inference = new FakeInference()
  let role: Role = 'manager'
  let serial = 0
  const loop = new ParkLoop({
    clock,
    bus,
    inference,
    models: { forecast: 'models/forecaster' },
    consoleId: name,
    personName: 'Ada',
    role: () => role,
    newId: () => `${name}-${serial++}`,
  })
  bus.bear(site, saturdayMs)
  bus.read('chiller-1', 'mode', 'on', clock.nowMs())
  bus.read('meter-chillers', 'power', 53, clock.nowMs())
  const state = () => {
    clock.advance(250)
    return loop.twin.store.getState()
  }
  return {
    broker,
    clock,
    bus,
    inference,
    loop,
    state,
    as: (next: Role) => {
      role = next
    },
    /** A newcomer listens for three seconds before it takes the lease. */
    async control() {
      clock.advance(5000)
      await settled()
    },
    breakBand: () => inference.say({ type: 'bandBreak', bandBreak: chillerBreak(clock.nowMs()) }),
    incident: () => state().incidents[0],
    plan: () => state().plans[0],
  }
}

function chillerBreak(untilMs: number): BandBreak {
  const band = { expectedKw: 1, actualKw: 53, lowKw: 0.5, highKw: 2, excessKwh: 60 }
  return { meterId: 'meter-chillers', direction: 'above', sinceMs: untilMs - 3_600_000, untilMs, ...band }
}

/** It flickers, as fire does. */
function flame(cameraId: string, frameId: number, atMs: number): InferenceEvent {
  const height = 26 + 6 * Math.sin(frameId)
  const box = { x: 150, y: 130 - height, width: 20 + 3 * Math.cos(frameId), height }
  const seen = { cameraId, frameId, capturedAtMs: atMs }
  const detections = [{ classId: 5, className: 'fire', score: 0.8, box }]
  return {
    type: 'frame',
    detections: { ...seen, width: 320, height: 192, detections, engine: 'wasm', inferenceMs: 5 },
    tracks: { cameraId, capturedAtMs: atMs, tracks: [] },
  }
}

describe('a loop on the bus', () => {
  it('opens the models at once and tells them of the site when it is announced', () => {
    const { inference, loop } = open()
    expect(inference.types()).toEqual(['open', 'site'])
    expect(loop.site?.siteId).toBe('campus')
  })

  it('starts anew when the clock jumps, and when a simulator that began again tells an earlier time', () => {
    const { bus, inference, loop } = open()
    const reset = () => inference.types().filter((type) => type === 'reset').length
    const tell = (siteMs: number, jump: number) => bus.push({ type: 'clock', clock: { siteMs, speed: 1, jump } })
    tell(saturdayMs, 0)
    tell(saturdayMs + 1000, 0)
    expect(reset()).toBe(0)
    tell(saturdayMs + 86_400_000, 1)
    expect(reset()).toBe(1)
    tell(saturdayMs, 1)
    expect(reset()).toBe(2)
    expect(loop.twin.hot.atMs.every((atMs) => atMs === 0)).toBe(true)
    bus.read('meter-chillers', 'power', 7, saturdayMs + 1)
    expect(loop.twin.hot.value[loop.twin.point('meter-chillers', 'power')?.index ?? -1]).toBe(7)
  })

  it('goes by the local time in force: on entry, by the season the clock tells of, and when summer time begins', () => {
    const { bus, inference, loop, clock, state } = open()
    const berlin = { ...site, geo: { ...site.geo, utcOffsetMinutes: 60, timeZone: 'Europe/Berlin' } }
    const offsets = () => {
      clock.advance(250)
      const told = inference.sent.filter((command) => command.type === 'site').at(-1)
      return [
        loop.site?.utcOffsetMinutes,
        state().site?.geo.utcOffsetMinutes,
        told?.type === 'site' ? told.site.utcOffsetMinutes : undefined,
      ]
    }
    bus.push({ type: 'site', site: berlin })
    expect(offsets()).toEqual([120, 120, 120])
    const before = loop.site
    const changeMs = Date.UTC(2026, 2, 29, 1)
    bus.push({ type: 'clock', clock: { siteMs: changeMs - 2000, speed: 1, jump: 0 } })
    expect(offsets()).toEqual([60, 60, 60])
    const sites = () => inference.types().filter((type) => type === 'site').length
    const told = sites()
    clock.advance(1000)
    expect(sites()).toBe(told)
    clock.advance(1000)
    expect(offsets()).toEqual([120, 120, 120])
    // Nothing was entered anew: incidents, tracks and cameras live on.
    expect(loop.site).toBe(before)
  })

  it('lets a profile that is ahead of the clock wait for the clock’s word', () => {
    const { bus, inference } = open()
    const profiles = () => inference.types().filter((type) => type === 'profile').length
    const startMs = saturdayMs + 3 * 86_400_000
    const profile: ProfileMessage = { point: 'power', intervalMs: 900_000, startMs, values: [1, 2] }
    bus.push({ type: 'clock', clock: { siteMs: saturdayMs, speed: 1, jump: 0 } })
    bus.push({ type: 'profile', device: 'meter-chillers', profile })
    expect(profiles()).toBe(0)
    bus.push({ type: 'clock', clock: { siteMs: startMs + 1_800_000, speed: 1, jump: 1 } })
    expect(profiles()).toBe(1)
    expect(inference.types().slice(-2)).toEqual(['reset', 'profile'])
    bus.push({ type: 'profile', device: 'meter-chillers', profile })
    expect(profiles()).toBe(2)
  })

  it('reads load profiles of any interval and unit as quarter hours in kW, and says which it cannot read', () => {
    const { bus, inference, loop, state } = open()
    const startMs = saturdayMs - 86_400_000
    const told = () => inference.sent.filter((command) => command.type === 'profile').map(({ profile }) => profile)
    const push = (profile: Omit<ProfileMessage, 'startMs'>, device = 'meter-chillers') =>
      bus.push({ type: 'profile', device, profile: { startMs, ...profile } })
    const faults = () => state().faults.map(({ key, code, detail }) => `${key} ${code} ${detail}`)
    push({ point: 'power', intervalMs: 1_800_000, values: [40, null, 10] })
    expect(told().at(-1)).toEqual({
      point: 'power',
      intervalMs: 900_000,
      startMs,
      values: [40, 40, null, null, 10, 10],
    })
    expect(state().profiles.get('meter-chillers')).toEqual(told().at(-1))

    push({ point: 'energy', intervalMs: 900_000, values: [1] })
    push({ point: 'power', intervalMs: 900_000, values: [1] }, 'nobody')
    expect(told()).toHaveLength(1)
    expect(faults()).toEqual([expect.stringMatching(/^loop:profile:meter-chillers loop\.profileRefused .*“energy”/)])

    const birth = loop.twin.device('meter-chillers')?.birth
    if (!birth) throw new Error('no meter')
    const points = birth.points.map((point) => (point.id === 'power' ? { ...point, unit: 'W' } : point))
    const indices = birth.points.map(({ id }) => loop.twin.point('meter-chillers', id)?.index ?? 0)
    bus.push({ type: 'device', birth: { ...birth, points }, points: indices })
    push({
      point: 'power',
      intervalMs: 60_000,
      values: Array.from({ length: 40 }, (_, i) => (i < 15 ? 2000 : i * 100)),
    })
    expect(told().at(-1)).toMatchObject({ intervalMs: 900_000, startMs, values: [2, 2.2] })
    expect(faults()).toEqual([])
    bus.push({ type: 'deviceGone', device: 'meter-chillers' })
    expect(state().profiles.size).toBe(0)
  })

  it('takes a profile that did not fit the birth once the birth is put right', () => {
    const { bus, inference, loop, state } = open()
    const birth = loop.twin.device('meter-chillers')?.birth
    if (!birth) throw new Error('no meter')
    const indices = birth.points.map(({ id }) => loop.twin.point('meter-chillers', id)?.index ?? 0)
    const points = birth.points.map((point) => (point.id === 'power' ? { ...point, unit: 'hp' } : point))
    const profile = { point: 'power', intervalMs: 900_000, startMs: saturdayMs - 900_000, values: [7] }
    bus.push({ type: 'device', birth: { ...birth, points }, points: indices })
    bus.push({ type: 'profile', device: 'meter-chillers', profile })
    expect(state().faults[0]?.detail).toMatch(/meter-chillers.*“hp”/)
    bus.push({ type: 'device', birth, points: indices })
    expect(state().faults).toEqual([])
    expect(inference.sent.at(-1)).toMatchObject({ type: 'profile', meterId: 'meter-chillers', profile })
  })

  it('lets no clock of a device reach the interlocks: a stop stamped with the year 2099 ends', async () => {
    const park = open()
    const report = (mode: string, at: number) =>
      park.bus.push({ type: 'state', device: 'chiller-1', state: { at, values: { mode } } })
    report('on', park.clock.nowMs())
    report('off', Date.UTC(2099, 0, 1))
    const command = () => park.loop.site?.command({ device: 'chiller-1', point: 'mode', value: 'on', reason: '' })
    expect(command()).toMatchObject({ accepted: false, why: 'interlock:minimumOffTime' })
    park.clock.advance(11 * 60_000)
    park.bus.read('chiller-1', 'mode', 'off', park.clock.nowMs())
    expect(command()).toMatchObject({ accepted: true })
  })

  it('believes in a calibrated pose at once, in the models and on screen, also when the site file comes anew', () => {
    const { inference, loop, state, bus } = open()
    const [camera] = site.cameras
    if (!camera) throw new Error('no camera')
    loop.calibrate({ ...camera, headingDeg: 77, poseSigma: { positionM: 0.2, headingDeg: 0.5, pitchDeg: 0.5 } })
    const told = () => {
      const last = inference.sent.filter((command) => command.type === 'site').at(-1)
      return last?.type === 'site' ? last.site.cameras[0] : undefined
    }
    expect(told()).toMatchObject({ id: camera.id, headingDeg: 77, poseSigma: { positionM: 0.2 } })
    expect(state().site?.cameras[0]?.headingDeg).toBe(77)
    bus.push({ type: 'site', site: { ...site, name: 'Renamed' } })
    expect(told()?.headingDeg).toBe(77)
    expect(state().site).toMatchObject({ name: 'Renamed' })
    expect(state().site?.cameras[0]?.headingDeg).toBe(77)
  })

  it('decides by a calibrated pose at once: a flame in the same pixels burns in another zone', async () => {
    const fireAfter = async (prepare: (loop: ParkLoop, camera: Camera, bus: FakeBus) => void) => {
      const park = open()
      await park.control()
      const camera = site.cameras.find(({ id }) => id === 'cam-plaza')
      if (!camera) throw new Error('no camera')
      prepare(park.loop, camera, park.bus)
      for (let frameId = 0; frameId < 80; frameId++) {
        park.clock.advance(125)
        park.inference.say(flame(camera.id, frameId, park.loop.twin.siteClock.nowMs()))
      }
      return park.state().incidents.map(({ kind, zone }) => `${kind} ${zone}`)
    }
    const overTheGarden = (camera: Camera): Camera => ({ ...camera, at: [0, 20, 6], headingDeg: 0, pitchDeg: -70 })
    expect(await fireAfter(() => {})).toEqual(['fire plaza'])
    expect(await fireAfter((loop, camera) => loop.calibrate(overTheGarden(camera)))).toEqual(['fire garden'])
    const anew = (loop: ParkLoop, camera: Camera, bus: FakeBus) => {
      loop.calibrate(overTheGarden(camera))
      bus.push({ type: 'site', site: { ...site, name: 'Renamed' } })
    }
    expect(await fireAfter(anew)).toEqual(['fire garden'])
  })

  it('opens an incident for luggage that somebody left on the plaza', async () => {
    const park = open()
    await park.control()
    const rules = { ...site.rules, leftObjects: [{ zone: 'plaza', afterS: 20 }] }
    park.bus.push({ type: 'site', site: { ...site, rules } })
    await park.control()
    const [east, north] = [-15, -23]
    const place = (awayM: number) => ({ eastM: east + awayM, northM: north, sigmaM: 0.3 })
    const box = { x: 150, y: 90, width: 10, height: 12 }
    const fromMs = park.loop.twin.siteClock.nowMs()
    for (let timeS = 0; timeS < 40; timeS += 0.5) {
      park.clock.advance(500)
      const atMs = park.loop.twin.siteClock.nowMs()
      const seen = { cameraId: 'cam-plaza', capturedAtMs: atMs }
      const owner = { id: 'cam-plaza:1', cameraId: 'cam-plaza', className: 'person', score: 0.8, box, firstSeenMs: fromMs, lastSeenMs: atMs, world: place(timeS < 4 ? 0.5 : 0.5 + 1.4 * (timeS - 4)), zoneId: 'plaza' } // biome-ignore format: a row
      const bag = { id: 'cam-plaza:thing-1', box, sinceMs: fromMs + 3000, score: 0.7, world: place(0), zoneId: 'plaza' }
      park.inference.say({
        type: 'frame',
        detections: {
          ...seen,
          width: 320,
          height: 192,
          frameId: 2 * timeS,
          detections: [],
          engine: 'wasm',
          inferenceMs: 5,
        },
        tracks: { ...seen, tracks: timeS < 15 ? [owner] : [], things: timeS < 6 ? [] : [bag] },
      })
    }
    const incident = park.state().incidents.find(({ kind }) => kind === 'leftObject')
    expect(incident).toMatchObject({ zone: 'plaza', state: 'active' })
    expect(incident?.evidence[0]?.values).toMatchObject({ className: 'thing', limitS: 20 })
  })

  it('carries out an approved plan once and shares how it ended, retained', async () => {
    const park = open()
    await park.control()
    park.breakBand()
    const plan = park.plan()
    expect(plan).toMatchObject({ state: 'proposed', steps: [{ device: 'chiller-1', point: 'mode', value: 'auto' }] })
    expect(park.loop.site?.approvePlan(plan?.id ?? '')).toEqual({ accepted: true })
    expect(park.loop.site?.approvePlan(plan?.id ?? '').accepted).toBe(false)
    await settled()
    const sent = park.bus.messages('/command') as CommandMessage[]
    expect(sent).toHaveLength(1)
    const [{ id } = { id: '' }] = sent
    park.bus.push({ type: 'ack', device: 'chiller-1', ack: { id, status: 'accepted', at: park.clock.nowMs() } })
    const state = { at: park.clock.nowMs(), values: { mode: 'auto' }, commandId: id }
    park.bus.push({ type: 'state', device: 'chiller-1', state })
    await settled()
    expect(park.plan()?.state).toBe('verified')
    const kept = park.broker.retained.get(`parkloop/v1/campus/plan/${plan?.id}`)
    expect(JSON.parse(new TextDecoder().decode(kept))).toMatchObject({ state: 'verified' })
    expect(park.state().loop.commandsVerified).toBe(1)
    expect(park.bus.messages('/command')).toHaveLength(1)
  })

  it('records each approval, a person’s and the site policy’s, with who gave it', async () => {
    const approvals = (park: ReturnType<typeof open>) =>
      (park.bus.messages('/audit') as AuditMessage[]).filter(({ action }) => action === 'plan.approved')
    const person = open()
    await person.control()
    person.breakBand()
    const plan = person.plan()
    person.loop.site?.approvePlan(plan?.id ?? '')
    await settled()
    expect(approvals(person)).toMatchObject([{ actor: 'Ada', subject: plan?.id, detail: 'energyAnomaly' }])

    const policy = open()
    const policies = { ...site.policies, automatic: ['energyAnomaly' as const] }
    policy.bus.push({ type: 'site', site: { ...site, policies } })
    await policy.control()
    policy.breakBand()
    await settled()
    expect(approvals(policy)).toMatchObject([{ actor: 'policy', detail: 'energyAnomaly' }])
    expect(policy.bus.messages('/command')).toHaveLength(1)
  })

  it('lets a viewer decide nothing', async () => {
    const park = open()
    await park.control()
    park.breakBand()
    park.as('viewer')
    const refused = { accepted: false, why: 'role' }
    const { loop } = park
    expect(loop.site?.approvePlan(park.plan()?.id ?? '')).toEqual(refused)
    expect(loop.site?.rejectPlan(park.plan()?.id ?? '', 'no')).toEqual(refused)
    expect(loop.site?.acknowledgeIncident(park.incident()?.id ?? '')).toEqual(refused)
    expect(loop.site?.command({ device: 'chiller-1', point: 'mode', value: 'auto', reason: '' })).toEqual(refused)
    expect(park.plan()?.state).toBe('proposed')
    expect(park.bus.messages('/command')).toEqual([])
  })

  it('sends nothing late: what happened while the link was down is told as it is when the link is back', async () => {
    const park = open()
    await park.control()
    park.bus.go('offline')
    const before = park.bus.published.length
    park.breakBand()
    await settled()
    expect(park.state().faults.map(({ key }) => key)).toContain('loop:notShared')
    expect(park.loop.site?.approvePlan(park.plan()?.id ?? '')).toEqual({ accepted: false, why: 'linkDown' })
    expect(park.bus.published).toHaveLength(before)
    park.bus.go('online')
    expect(park.bus.published).toHaveLength(before)
    park.clock.advance(1500)
    await settled()
    expect(park.bus.messages('/alarm/')).toMatchObject([{ kind: 'energyAnomaly', state: 'active' }])
    expect(park.bus.messages('/plan/')).toMatchObject([{ state: 'proposed' }])
    expect(park.bus.messages('/command')).toEqual([])
    expect(park.state().faults.map(({ key }) => key)).not.toContain('loop:notShared')
  })

  it('tells again on a living link what the broker did not confirm, and then the fault is over', async () => {
    const park = open()
    await park.control()
    const publish = park.bus.publish.bind(park.bus)
    const kept = () => [...park.broker.retained.keys()].filter((topic) => /\/(alarm|plan)\//.test(topic)).length
    const lost = { ok: false, error: { code: 'unconfirmed', message: 'no confirmation' } } as const
    let attempts = 0
    park.bus.publish = async (request) => {
      if (!/\/(alarm|plan)\//.test(request.topic)) return publish(request)
      attempts++
      return lost
    }
    park.breakBand()
    for (let second = 0; second < 300; second++) {
      park.clock.advance(1000)
      await settled()
    }
    expect(kept()).toBe(0)
    expect(attempts).toBeGreaterThan(6)
    expect(attempts).toBeLessThan(30)
    expect(park.state().faults.map(({ key }) => key)).toContain('loop:notShared')
    park.bus.publish = publish
    for (let second = 0; second < 130; second++) {
      park.clock.advance(1000)
      await settled()
    }
    expect(kept()).toBe(2)
    expect(park.state().faults.map(({ key }) => key)).not.toContain('loop:notShared')
  })

  it('tells a broker that restarted without a memory what is open', async () => {
    const park = open()
    await park.control()
    park.breakBand()
    await settled()
    const id = park.incident()?.id
    park.bus.go('offline')
    park.broker.forget()
    park.bus.go('online')
    park.clock.advance(1500)
    await settled()
    expect([...park.broker.retained.keys()]).toEqual(
      expect.arrayContaining([`parkloop/v1/campus/alarm/${id}`, `parkloop/v1/campus/plan/${park.plan()?.id}`]),
    )
  })

  it('keeps what is open when the site file changes', async () => {
    const park = open()
    await park.control()
    park.breakBand()
    const id = park.incident()?.id
    park.bus.push({ type: 'site', site: { ...site, name: 'Renamed' } })
    expect(park.state().incidents.map((incident) => incident.id)).toEqual([id])
    expect(park.loop.site?.plans()).toHaveLength(1)
  })

  it('gives the lease back and leaves no timer behind', async () => {
    const park = open()
    await park.control()
    park.loop.dispose()
    const [last] = (park.bus.messages('/controller') as ControllerMessage[]).slice(-1)
    expect(last?.deadlineMs).toBeLessThanOrEqual(park.clock.nowMs())
    expect(park.clock.pendingCount).toBe(0)
  })
})

describe('two consoles on one broker', () => {
  it('agree on incidents and plans, and only the holder of the lease opens them', async () => {
    const broker = new FakeBroker()
    const clock = new FakeClock(saturdayMs)
    const a = open('console-a', { broker, clock })
    const b = open('console-b', { broker, clock })
    clock.advance(6000)
    await settled()
    expect([a.loop.site?.isController, b.loop.site?.isController]).toEqual([true, false])
    a.breakBand()
    b.breakBand()
    await settled()
    expect(b.bus.messages('/alarm/')).toEqual([])
    expect(b.incident()?.id).toBe(a.incident()?.id)
    expect(b.plan()).toEqual(a.plan())
    expect(b.loop.site?.approvePlan(b.plan()?.id ?? '').accepted).toBe(true)
    await settled()
    expect(a.plan()?.state).toBe(b.plan()?.state)
    expect(a.bus.messages('/command')).toEqual([])
    expect(b.bus.messages('/command')).toHaveLength(1)
  })

  it('never both control: who was away hears who took over before it claims anything', async () => {
    const broker = new FakeBroker()
    const clock = new FakeClock(saturdayMs)
    const a = open('console-z', { broker, clock })
    clock.advance(5000)
    const b = open('console-a', { broker, clock })
    await settled()
    expect(a.loop.site?.isController).toBe(true)
    a.bus.go('offline')
    clock.advance(40_000)
    await settled()
    expect([a.loop.site?.isController, b.loop.site?.isController]).toEqual([false, true])
    a.bus.link = { ...a.bus.link, phase: 'online' }
    a.bus.push({ type: 'link', link: a.bus.link })
    clock.advance(500)
    expect(a.loop.site?.isController).toBe(false)
    a.bus.go('online')
    clock.advance(20_000)
    await settled()
    expect(a.bus.messages('/controller')).toHaveLength(1)
    expect([a.loop.site?.isController, b.loop.site?.isController]).toEqual([false, true])
  })

  it('nor does one that slept for minutes on a living link, before it has heard what went on', async () => {
    class Sleeper extends FakeClock {
      isAsleep = false
      override every(periodMs: number, run: () => void): () => void {
        return super.every(periodMs, () => this.isAsleep || run())
      }
    }
    const broker = new FakeBroker()
    const clocks = [new Sleeper(saturdayMs), new FakeClock(saturdayMs)] as const
    const a = open('console-a', { broker, clock: clocks[0] })
    const pass = (ms: number, stepMs = 250) => {
      for (let t = 0; t < ms; t += stepMs) for (const clock of clocks) clock.advance(stepMs)
    }
    pass(5000)
    const b = open('console-z', { broker, clock: clocks[1] })
    b.bus.go('online')
    clocks[0].isAsleep = true
    a.bus.dispose()
    pass(360_000, 5000)
    await settled()
    expect(b.loop.site?.isController).toBe(true)
    clocks[0].isAsleep = false
    pass(500)
    expect(a.loop.site?.isController).toBe(false)
    const [kept] = (b.bus.messages('/controller') as ControllerMessage[]).slice(-1)
    if (kept) a.bus.push({ type: 'controller', controller: kept })
    pass(3000)
    expect(a.loop.site?.isController).toBe(false)
  })

  it('measure the effect of a plan that one proposed and the other carried out, and a third one after them', async () => {
    const broker = new FakeBroker()
    const clock = new FakeClock(saturdayMs)
    const a = open('console-a', { broker, clock })
    const b = open('console-b', { broker, clock })
    clock.advance(6000)
    await settled()
    a.breakBand()
    await settled()
    b.loop.site?.approvePlan(b.plan()?.id ?? '')
    await settled()
    const [sent] = b.bus.messages('/command') as CommandMessage[]
    const state = { at: clock.nowMs(), values: { mode: 'auto' }, commandId: sent?.id ?? '' }
    for (const { bus } of [a, b]) bus.push({ type: 'state', device: 'chiller-1', state })
    await settled()
    for (let minute = 0; minute < 20; minute++) {
      a.bus.read('meter-chillers', 'power', 1, clock.nowMs())
      clock.advance(60_000)
      await settled()
    }
    expect(a.plan()?.measured?.energySavedKwh).toBeGreaterThan(10)
    expect(b.plan()?.measured).toEqual(a.plan()?.measured)
    expect(b.state().loop.savedToday?.kwh).toBeGreaterThan(10)

    // Both are closed; whoever opens a console later goes on, and the time when nobody looked is left out.
    const told = a.plan()?.measured
    for (const { loop, bus } of [a, b]) {
      loop.dispose()
      bus.dispose()
    }
    clock.advance(3_600_000)
    const c = open('console-c', { broker, clock })
    c.bus.go('online')
    await c.control()
    for (let minute = 0; minute < 20; minute++) {
      c.bus.read('meter-chillers', 'power', 1, clock.nowMs())
      clock.advance(60_000)
      await settled()
    }
    const later = c.plan()?.measured
    expect(later?.fromMs).toBe(told?.fromMs)
    const savedKwh = (later?.energySavedKwh ?? 0) - (told?.energySavedKwh ?? 0)
    expect(savedKwh).toBeGreaterThan(52 * 0.24)
    expect(savedKwh).toBeLessThan(52 * 0.34)
  })

  it('take an ended incident and its plan back from the broker a day later; both consoles still know them', async () => {
    const broker = new FakeBroker()
    const clock = new FakeClock(saturdayMs)
    const a = open('console-a', { broker, clock })
    const b = open('console-b', { broker, clock })
    clock.advance(6000)
    await settled()
    a.breakBand()
    await settled()
    b.loop.site?.rejectPlan(b.plan()?.id ?? '', 'maintenance')
    a.inference.say({ type: 'bandBreak', bandBreak: { ...chillerBreak(clock.nowMs()), returnedAtMs: clock.nowMs() } })
    clock.advance(6000)
    await settled()
    expect(a.incident()?.state).toBe('closed')
    const kept = () => [...broker.retained.keys()].filter((topic) => /\/(alarm|plan)\//.test(topic))
    expect(kept()).toHaveLength(2)
    const sleep = async (ms: number) => {
      const told = { siteMs: clock.nowMs() + ms, speed: 1, jump: 0 }
      for (const { bus } of [a, b]) bus.push({ type: 'clock', clock: told })
      clock.advance(5000)
      await settled()
    }
    await sleep(23 * 3_600_000)
    expect(kept()).toHaveLength(2)
    await sleep(25 * 3_600_000)
    expect(kept()).toEqual([])
    for (const console of [a, b]) {
      expect(console.incident()?.state).toBe('closed')
      expect(console.plan()?.state).toBe('rejected')
    }
    expect(b.bus.published.filter(({ payload }) => payload.byteLength === 0)).toEqual([])
  })
})
