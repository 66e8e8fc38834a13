/** The campus as seen by `decide`, with every report under the test's hand. */
import type { PlanStep } from '../contract/decision.ts'
import { incident as incidentSchema, plan as planSchema } from '../contract/decision.ts'
import { validate } from '../contract/decode.ts'
import type { BirthMessage, PointValue } from '../contract/messages.ts'
import type { Forecast, Track } from '../contract/perception.ts'
import { buildCampus } from '../site/campus/campus.ts'
import type { SiteFile } from '../site/schema.ts'
import { createDecider, type DecideChange } from './decider.ts'
import type { ParkView, PointSample } from './park-view.ts'

/** Local time on the campus (UTC+8) in June 2026; the 1st is a Monday. */
export function campusTime(day: number, hour: number, minute = 0): number {
  return Date.UTC(2026, 5, day, hour - 8, minute)
}

export function fakeCampus(startMs: number, change: (site: SiteFile) => SiteFile = (site) => site) {
  const site = change(buildCampus())
  let nowMs = startMs
  const values = new Map<string, PointSample>()
  const forecasts = new Map<string, Forecast>()
  const offline = new Set<string>()
  const unspoken = new Set<string>()
  const commanded = new Map<string, PointValue>()
  const births: BirthMessage[] = site.equipment.map((item) => ({
    id: item.id,
    name: item.name,
    class: item.class,
    ...(item.zone === undefined ? {} : { zone: item.zone }),
    pose: { at: item.at, headingDeg: item.headingDeg },
    gateway: 'sim-gateway',
    points: item.points,
    at: startMs,
  }))
  const view: ParkView = {
    site,
    nowMs: () => nowMs,
    value: (device, point) => values.get(`${device}/${point}`),
    devices: () =>
      births.map((birth) => ({
        id: birth.id,
        birth,
        online: unspoken.has(birth.id) ? undefined : !offline.has(birth.id),
      })),
    forecast: (meter) => forecasts.get(meter),
    commanded: (device, point) => commanded.get(`${device}/${point}`),
  }
  const report = (device: string, point: string, value: PointValue, more: Partial<PointSample> = {}) => {
    values.set(`${device}/${point}`, { value, atMs: nowMs, quality: 'good', ...more })
  }
  let controller = true
  const decider = createDecider({ view, isController: () => controller })
  const told: DecideChange[] = []
  decider.changes.subscribe((item) => {
    told.push(item)
    // Whatever is told goes on the wire and must pass there.
    const checked =
      item.type === 'plan'
        ? validate(planSchema, item.plan)
        : item.type === 'incident'
          ? validate(incidentSchema, item.incident)
          : undefined
    if (checked && !checked.ok) throw new Error(`${checked.error.path}: ${checked.error.message}`)
  })
  for (const item of site.gates) {
    report(item.id, 'contact', false)
    report(item.id, 'position', 'closed')
    report(item.id, 'lock', 'unlocked')
  }
  for (const item of site.equipment.filter((device) => device.class === 'Luminaire')) {
    report(item.id, 'on', false)
    report(item.id, 'dimming', 0)
  }
  decider.tick(nowMs)
  return {
    site,
    view,
    decider,
    told,
    forecasts,
    offline,
    /** Nobody speaks for these: whether they are there is not known. */
    unspoken,
    commanded,
    births,
    report,
    now: () => nowMs,
    follow: () => {
      controller = false
    },
    lead: () => {
      controller = true
    },
    /** Lets site time pass with a tick each second, or more rarely. */
    pass(ms: number, each: () => void = () => {}, stepMs = 1000) {
      const untilMs = nowMs + ms
      while (nowMs < untilMs) {
        nowMs = Math.min(untilMs, nowMs + stepMs)
        each()
        decider.tick(nowMs)
      }
    },
    /** One camera frame with people at these zones. */
    frame(cameraId: string, people: readonly { zone: string; score: number }[]) {
      const tracks = people.map(
        ({ zone, score }, i): Track => ({
          id: `${cameraId}:${i}`,
          cameraId,
          className: 'person',
          score,
          box: { x: 100, y: 60, width: 12, height: 34 },
          firstSeenMs: startMs,
          lastSeenMs: nowMs,
          zoneId: zone,
        }),
      )
      decider.observeTracks({ cameraId, capturedAtMs: nowMs, tracks })
    },
    incident: () => decider.incidents()[0],
    plan: () => decider.plans().at(-1),
    /** The devices do as told. */
    carryOut(steps: readonly PlanStep[]) {
      for (const step of steps) report(step.device, step.point, step.value)
    },
  }
}

export type Campus = ReturnType<typeof fakeCampus>

export function flatForecast(meterId: string, startMs: number, kw: number, hours = 24): Forecast {
  const row = (value: number) => Array.from({ length: hours * 4 }, () => value)
  return {
    meterId,
    startMs,
    intervalMs: 900_000,
    low: row(kw * 0.8),
    median: row(kw),
    high: row(kw * 1.2),
    madeAtMs: startMs,
    engine: 'wasm',
  }
}
