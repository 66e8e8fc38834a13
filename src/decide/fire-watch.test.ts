import { describe, expect, it } from 'vitest'
import type { FrameDetections } from '../contract/perception.ts'
import { buildCampus } from '../site/campus/campus.ts'
import { FireWatch } from './fire-watch.ts'

const site = buildCampus()

/** A flame that flickers at one place, in a picture `times` as large as the lens is calibrated for. */
function frame(atMs: number, look: number, times = 1): FrameDetections {
  const [footX, footY] = [67 * times, 100 * times]
  const [width, height] = [14 * times, (16 + 3 * (look % 3)) * times]
  const box = { x: footX - width / 2, y: footY - height, width, height }
  const flame = { classId: 5, className: 'fire', score: 0.7, box }
  return {
    cameraId: 'cam-dock',
    frameId: look,
    capturedAtMs: atMs,
    width: 320 * times,
    height: 192 * times,
    detections: [flame],
    engine: 'wasm',
    inferenceMs: 1,
  }
}

describe('fire in pictures', () => {
  it('is told once it lasted', () => {
    const watch = new FireWatch({ site })
    const told = Array.from({ length: 16 }, (_, look) => watch.observeFrame(frame(look * 125, look)).length)
    expect(told.indexOf(1)).toBeGreaterThanOrEqual(9)
  })

  it('stands on the same ground whatever the size of the pictures', () => {
    const zones = [0.5, 1, 4].map((times) => {
      const watch = new FireWatch({ site })
      return Array.from({ length: 16 }, (_, look) => watch.observeFrame(frame(look * 125, look, times)))
        .flat()
        .flatMap((signal) => signal.zones)[0]
    })
    expect(zones[1]).toBeDefined()
    expect(new Set(zones).size).toBe(1)
  })

  it('does not last because one more flicker was seen an hour later, or an hour earlier by another clock', () => {
    for (const laterMs of [3_600_000, -3_600_000]) {
      const watch = new FireWatch({ site })
      for (let look = 0; look < 8; look++) expect(watch.observeFrame(frame(look * 125, look))).toEqual([])
      expect(watch.observeFrame(frame(laterMs, 8))).toEqual([])
    }
  })
})
