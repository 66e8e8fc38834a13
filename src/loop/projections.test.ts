import { describe, expect, it } from 'vitest'
import type { Plan } from '../contract/decision.ts'
import type { Track } from '../contract/perception.ts'
import { buildCampus } from '../site/campus/campus.ts'
import { FakeBus } from '../testing/fake-bus.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { Twin } from '../twin/twin.ts'
import { CurrentTracks } from './current-tracks.ts'
import { deviceViewOf, reportedValue } from './device-view.ts'
import { environmentWindows } from './environment-windows.ts'
import { loopNumbers } from './loop-numbers.ts'

const site = buildCampus()
const nowMs = Date.UTC(2026, 5, 16, 2)

function twinOnBus() {
  const bus = new FakeBus()
  const twin = new Twin(new FakeClock(nowMs))
  bus.subscribe((event) => twin.apply(event))
  bus.bear(site, nowMs)
  return { bus, twin }
}

function track(cameraId: string, more: Partial<Track> = {}): Track {
  const box = { x: 0, y: 0, width: 1, height: 1 }
  const times = { firstSeenMs: nowMs, lastSeenMs: nowMs }
  return { id: `${cameraId}:1`, cameraId, className: 'person', score: 0.9, box, ...times, ...more }
}

describe('windows for the environment model', () => {
  it('are made only for zones with temperature and either CO₂ or PM2.5', () => {
    const { bus, twin } = twinOnBus()
    bus.read('env-lab-store', 'temperature', 24, nowMs)
    expect(environmentWindows(twin, nowMs)).toEqual([])
    bus.read('env-lab-store', 'pm25', 20, nowMs)
    bus.read('env-a3-west', 'co2', 600, nowMs)
    expect(environmentWindows(twin, nowMs).map(({ zoneId }) => zoneId)).toEqual(['lab-store'])
    bus.push({ type: 'availability', device: 'env-lab-store', online: false })
    expect(environmentWindows(twin, nowMs)).toEqual([])
  })
})

describe('a window for the environment model', () => {
  it('holds no sample that its sensor marked as bad', () => {
    const { bus, twin } = twinOnBus()
    const minute = 60_000
    for (let ago = 30; ago >= 0; ago--) {
      bus.read('env-lab-store', 'pm25', 20, nowMs - ago * minute)
      bus.read('env-lab-store', 'temperature', 24, nowMs - ago * minute)
      const index = twin.point('env-lab-store', 'temperature')?.index ?? -1
      if (ago > 3 || ago === 0) continue
      const one = { count: 1, indices: Uint32Array.of(index), values: Float64Array.of(850) }
      const atMs = Float64Array.of(nowMs - ago * minute + 1000)
      bus.push({ type: 'readings', block: { ...one, atMs, quality: Uint8Array.of(2) } })
    }
    const [window] = environmentWindows(twin, nowMs + 30_000)
    expect([...(window?.channels.temperature ?? [])].every((celsius) => celsius === 24)).toBe(true)
  })

  it('reads the air of the room, not the cells of the battery that stands in it', () => {
    const { bus, twin } = twinOnBus()
    bus.read('battery-1', 'temperature', 41, nowMs)
    bus.read('env-plant-electrical', 'temperature', 26, nowMs)
    bus.read('env-plant-electrical', 'co2', 450, nowMs)
    const [window] = environmentWindows(twin, nowMs)
    expect(window?.channels.temperature?.at(-1)).toBe(26)
  })

  it('reads sensors of other units', () => {
    const bus = new FakeBus()
    const twin = new Twin(new FakeClock(nowMs))
    bus.subscribe((event) => twin.apply(event))
    const units: Readonly<Record<string, string>> = { temperature: '°F', co2: '%', pm25: 'mg/m³' }
    const equipment = site.equipment.map((item) => ({
      ...item,
      points: item.points.map((point) => ({ ...point, unit: units[point.kind] ?? point.unit })),
    }))
    bus.bear({ ...site, equipment }, nowMs)
    bus.read('env-lab-store', 'temperature', 77, nowMs)
    bus.read('env-lab-store', 'co2', 0.06, nowMs)
    bus.read('env-lab-store', 'pm25', 0.02, nowMs)
    const [window] = environmentWindows(twin, nowMs)
    expect(window?.channels.temperature?.at(-1)).toBeCloseTo(25)
    expect(window?.channels.co2?.at(-1)).toBeCloseTo(600)
    expect(window?.channels.pm25?.at(-1)).toBeCloseTo(20)
  })
})

describe('the loop in numbers', () => {
  const plan = (toMs: number, energySavedKwh: number): Plan => ({
    id: `plan-${toMs}`,
    incidentId: 'incident',
    playbook: 'energyAnomaly',
    state: 'verified',
    title: '',
    reason: '',
    steps: [],
    expected: { energySavedKwh: 999, costSaved: 999 },
    measured: { energySavedKwh, costSaved: energySavedKwh / 2, fromMs: toMs - 1, toMs },
    proposedAtMs: toMs,
    updatedAtMs: toMs,
    revision: 3,
  })
  const numbers = (plans: readonly Plan[]) =>
    loopNumbers({
      rates: undefined,
      statistics: undefined,
      models: [],
      commands: [],
      plans,
      siteNowMs: nowMs,
      utcOffsetMinutes: 480,
    })

  it('count as saved today what was measured on the local day, never what was expected', () => {
    const midnightMs = Date.UTC(2026, 5, 15, 16)
    const { measured: _, ...expectedOnly } = plan(nowMs, 7)
    expect(numbers([expectedOnly]).savedToday).toBeUndefined()
    const plans = [plan(midnightMs - 1, 100), plan(midnightMs, 4), plan(nowMs, 2), expectedOnly]
    expect(numbers(plans).savedToday).toEqual({ kwh: 6, cost: 3 })
  })
})

describe('what act may read', () => {
  it('is the reported value in the words of the contract, and nothing before the first report', () => {
    const { bus, twin } = twinOnBus()
    expect(reportedValue(twin, 'chiller-1', 'mode')).toBeUndefined()
    expect(reportedValue(twin, 'nobody', 'mode')).toBeUndefined()
    bus.read('chiller-1', 'mode', 'auto', nowMs)
    expect(reportedValue(twin, 'chiller-1', 'mode')).toEqual({ value: 'auto', atMs: nowMs, quality: 'good' })
  })

  it('knows people on the ground, not other things and nobody without a place', () => {
    const { twin } = twinOnBus()
    const world = { eastM: 1, northM: 2, sigmaM: 0.3 }
    const tracks = () => [track('a', { world }), track('b'), track('c', { className: 'truck', world })]
    const view = deviceViewOf({ twin, site: () => site, tracks, fireZones: () => ['lab-store'] })
    expect([...view.people()]).toEqual([world])
    expect([...view.fireZones()]).toEqual(['lab-store'])
  })
})

describe('current tracks', () => {
  it('are the last word of each camera, until it has been silent for ten seconds', () => {
    const clock = new FakeClock()
    const tracks = new CurrentTracks(clock)
    tracks.update({ cameraId: 'a', capturedAtMs: 0, tracks: [track('a')] })
    clock.advance(6000)
    tracks.update({ cameraId: 'b', capturedAtMs: 0, tracks: [track('b')] })
    expect(tracks.list().map(({ cameraId }) => cameraId)).toEqual(['a', 'b'])
    clock.advance(6000)
    expect(tracks.list().map(({ cameraId }) => cameraId)).toEqual(['b'])
    tracks.update({ cameraId: 'b', capturedAtMs: 1, tracks: [] })
    expect(tracks.list()).toEqual([])
  })
})
