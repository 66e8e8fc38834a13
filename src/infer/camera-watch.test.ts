import { describe, expect, it } from 'vitest'
import type { CameraFrame } from '../contract/camera.ts'
import { CameraWatch } from './camera-watch.ts'
import { bag, boxOf, picture, place, somebody } from './standing-things.fixture.ts'

/** A person walks in, puts a bag down at the fourth second and goes; four looks a second, at all of the picture. */
function watch(watched: CameraWatch) {
  return Array.from({ length: 48 }, (_, i) => {
    const timeS = i / 4
    const person = somebody(timeS < 4 ? -6 + 1.75 * timeS : timeS < 5 ? 1 : 1 + 1.4 * (timeS - 5))
    const seen = picture(timeS < 4 ? [person] : [bag, person], i)
    const frame: CameraFrame = { cameraId: 'cam', frameId: i, capturedAtMs: 1e9 + timeS * 1000, ...seen }
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

  it('tells of no things where it does not know how large they are', () => {
    expect(watch(new CameraWatch()).flatMap(({ things = [] }) => things)).toEqual([])
  })
})
