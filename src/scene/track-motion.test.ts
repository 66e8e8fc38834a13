import { describe, expect, it } from 'vitest'
import type { GroundPlace, Track } from '../contract/perception.ts'
import { TrackMotion } from './track-motion.ts'

const at = (world: GroundPlace): Track => ({
  id: 'cam:1',
  cameraId: 'cam',
  className: 'person',
  score: 0.9,
  box: { x: 0, y: 0, width: 5, height: 10 },
  firstSeenMs: 0,
  lastSeenMs: 0,
  world,
})

function moverOf(world: GroundPlace) {
  const motion = new TrackMotion()
  motion.setTracks([at(world)])
  const [mover] = motion.movers(0)
  if (!mover) throw new Error('nobody')
  return mover
}

describe('how sure the place of a track is drawn', () => {
  it('is a circle where only one σ is known', () => {
    expect(moverOf({ eastM: 0, northM: 0, sigmaM: 0.7 })).toMatchObject({ sigmaM: 0.7, acrossSigmaM: 0.7 })
  })

  it('is an ellipse that points along its worst direction', () => {
    // σ of 2 m along 30° east of north and 0.5 m across.
    const [e, n] = [Math.sin(Math.PI / 6), Math.cos(Math.PI / 6)]
    const covariance = {
      eeM2: 4 * e * e + 0.25 * n * n,
      nnM2: 4 * n * n + 0.25 * e * e,
      enM2: (4 - 0.25) * e * n,
    }
    const mover = moverOf({ eastM: 0, northM: 0, sigmaM: 2, covariance })
    expect(mover.worstDeg).toBeCloseTo(30)
    expect(mover.acrossSigmaM).toBeCloseTo(0.5)
  })
})
