import { expect, it } from 'vitest'
import type { TrackUpdate } from '../../contract/perception.ts'
import { buildCampus } from '../../site/campus/campus.ts'
import { atLocalTime } from '../../site/time-zone.ts'
import { ZoneEvents } from './zone-events.ts'

const campus = buildCampus()
const [cam] = campus.cameras
const zone = campus.zones.find(({ building }) => building === undefined)
if (!cam || !zone) throw new Error('the campus has a camera and a zone outdoors')
const berlin = {
  ...campus,
  geo: { ...campus.geo, timeZone: 'Europe/Berlin', utcOffsetMinutes: 60 },
  cameras: [{ ...cam, zones: [zone.id] }],
  rules: {
    ...campus.rules,
    posts: [{ zone: zone.id, people: 1, afterS: 20, hours: { fromH: 8, toH: 18, days: [1, 2, 3, 4, 5, 6, 7] } }],
  },
}
const nobody = (capturedAtMs: number): TrackUpdate => ({ cameraId: cam.id, capturedAtMs, tracks: [] })

/** Whether the post is asked for within a minute from then on, by a console that was opened in March. */
function isAskedFrom(fromMs: number): boolean {
  const view = { site: atLocalTime(berlin, Date.UTC(2026, 2, 1)) }
  const events = new ZoneEvents(view)
  const told = Array.from({ length: 240 }, (_, i) => {
    const atMs = fromMs + i * 250
    view.site = atLocalTime(view.site, atMs)
    return events.observe(nobody(atMs))
  }).flat()
  return told.some(({ type }) => type === 'unmanned')
}

it('asks for somebody at a post by the clock on the wall, on both sides of a change of summer time', () => {
  // Saturday 28 and Sunday 29 March 2026: 8 o’clock is 07:00 UTC, and then 06:00 UTC
  expect(isAskedFrom(Date.UTC(2026, 2, 28, 6, 30))).toBe(false)
  expect(isAskedFrom(Date.UTC(2026, 2, 28, 7))).toBe(true)
  expect(isAskedFrom(Date.UTC(2026, 2, 29, 6))).toBe(true)
  expect(isAskedFrom(Date.UTC(2026, 2, 29, 16))).toBe(false)
  expect(isAskedFrom(Date.UTC(2026, 9, 25, 16))).toBe(true)
})
