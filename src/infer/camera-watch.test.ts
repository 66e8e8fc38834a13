import { describe, expect, it } from 'vitest'
import type { CameraFrame } from '../contract/camera.ts'
import { CameraWatch } from './camera-watch.ts'
import { bag, boxOf, picture, place, somebody } from './standing-things.fixture.ts'

/** A person walks in, puts a bag down at the fourth second and goes; four looks a second, at all of the picture. */
function watch(watched: CameraWatch, clockErrorMs: (look: number) => number = () => 0) {
  return Array.from({ length: 48 }, (_, i) => {
    const timeS = i / 4
    const person = somebody(timeS < 4 ? -6 + 1.75 * timeS : timeS < 5 ? 1 : 1 + 1.4 * (timeS - 5))
    const seen = picture(timeS < 4 ? [person] : [bag, person], i)
    const frame: CameraFrame = {
      cameraId: 'cam',
      frameId: i,
      capturedAtMs: 1e9 + timeS * 1000 + clockErrorMs(i),
      ...seen,
    }
    watched.wants(frame, timeS * 1000)
    const found = { classId: 0, className: 'person', score: 0.9, box: boxOf(person) }
    return watched.track(frame, [found], 0.5, timeS * 1000)
  })
}

describe('the watch of a camera', () => {
  it('tells what somebody put down beside whom it follows', () => {
    const watched = new CameraWatch()
    watched.place = place
    const updates = watch(watched)
    const last = updates.at(-1)
    expect(last?.things).toMatchObject([{ id: 'cam:thing-1', world: { eastM: expect.closeTo(1, 0) } }])
    expect(last?.tracks.map(({ className }) => className)).toEqual(['person'])
    expect(updates.slice(0, 20).flatMap(({ things = [] }) => things)).toEqual([])
  })

  it('keeps what it follows and what was left while the clock is set right, and begins anew in another time', () => {
    const stepped = new CameraWatch()
    stepped.place = place
    // Half a second back at the seventh second: the new look is before the last two.
    const updates = watch(stepped, (look) => (look < 28 ? 0 : -500))
    expect(new Set(updates.flatMap(({ tracks }) => tracks.map(({ id }) => id)))).toEqual(new Set(['cam:1']))
    expect(updates.at(-1)?.things).toMatchObject([{ id: 'cam:thing-1' }])
    const times = updates.map(({ capturedAtMs }) => capturedAtMs)
    expect(times).toEqual([...times].sort((a, b) => a - b))

    const jumped = new CameraWatch()
    jumped.place = place
    const last = watch(jumped, (look) => (look < 28 ? 0 : -3_600_000)).at(-1)
    expect(last?.tracks.map(({ id }) => id)).toEqual(['cam:2'])
    expect(last?.things).toBeUndefined()
  })

  it('follows whoever walks fast while the clock is set right', () => {
    const watched = new CameraWatch()
    const boxAt = (timeS: number) => ({ x: 20 + 60 * timeS, y: 10, width: 15, height: 40 })
    const updates = Array.from({ length: 60 }, (_, i) => {
      const capturedAtMs = 1e9 + 100 * i - (i < 30 ? 0 : 1900)
      const frame: CameraFrame = { cameraId: 'cam', frameId: i, capturedAtMs, ...picture([], i) }
      watched.wants(frame, 100 * i)
      const found = { classId: 0, className: 'person', score: 0.9, box: boxAt(i / 10) }
      return watched.track(frame, [found], 0.5, 100 * i)
    })
    for (const [i, { tracks }] of updates.entries())
      if (i > 5) {
        expect(tracks.map(({ id }) => id)).toEqual(['cam:1'])
        expect(Math.abs((tracks[0]?.box.x ?? 0) - boxAt(i / 10).x)).toBeLessThan(2)
      }
    const times = updates.map(({ capturedAtMs }) => capturedAtMs)
    expect(new Set(times).size).toBe(times.length)
  })

  it('tells of no things where it does not know how large they are', () => {
    expect(watch(new CameraWatch()).flatMap(({ things = [] }) => things)).toEqual([])
  })
})
