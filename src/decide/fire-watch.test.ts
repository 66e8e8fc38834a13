import { describe, expect, it } from 'vitest'
import type { FrameDetections } from '../contract/perception.ts'
import { buildCampus } from '../site/campus/campus.ts'
import { FireWatch } from './fire-watch.ts'

const site = buildCampus()

/** A flame that flickers at one place. */
function frame(atMs: number, look: number): FrameDetections {
  const height = 16 + 3 * (look % 3)
  const flame = { classId: 5, className: 'fire', score: 0.7, box: { x: 60, y: 100 - height, width: 14, height } }
  return {
    cameraId: 'cam-dock',
    frameId: look,
    capturedAtMs: atMs,
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

  it('does not last because one more flicker was seen an hour later, or an hour earlier by another clock', () => {
    for (const laterMs of [3_600_000, -3_600_000]) {
      const watch = new FireWatch({ site })
      for (let look = 0; look < 8; look++) expect(watch.observeFrame(frame(look * 125, look))).toEqual([])
      expect(watch.observeFrame(frame(laterMs, 8))).toEqual([])
    }
  })
})
