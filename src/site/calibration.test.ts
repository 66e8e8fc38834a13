import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../platform/random.ts'
import { calibrate } from './calibration.ts'
import type { GroundPair } from './calibration-start.ts'
import { cameraModel, imageFromWorld, worldFromImage } from './projection.ts'
import type { Camera } from './schema.ts'

const pose: Camera = {
  id: 'cam',
  name: 'Camera',
  at: [12, -30, 6],
  headingDeg: 140,
  pitchDeg: -22,
  rollDeg: 2,
  lens: { widthPx: 640, heightPx: 384, hfovDeg: 72, k1: 0, k2: 0 },
  source: 'virtual:',
  fps: 8,
  zones: [],
}
/** What the site file said before: wrong by metres and by tens of degrees. */
const guess: Camera = { ...pose, at: [6, -22, 4], headingDeg: 100, pitchDeg: -10, rollDeg: 0 }
const plain = { viewAngle: false, distortion: false }

/** Points of the picture below the horizon, with their true places. */
function pairsOf(camera: Camera, shares: readonly (readonly [number, number])[], noisePx = 0, seed = 1): GroundPair[] {
  const model = cameraModel(camera)
  const random = createRandom(seed)
  return shares.map(([sx, sy]) => {
    const [x, y] = [sx * camera.lens.widthPx, sy * camera.lens.heightPx]
    const ground = worldFromImage(model, x, y)
    if (!ground) throw new Error('above the horizon')
    return {
      x: x + noisePx * random.normal(),
      y: y + noisePx * random.normal(),
      at: [ground.eastM, ground.northM, 0],
    }
  })
}

const four = [
  [0.1, 0.9],
  [0.9, 0.85],
  [0.2, 0.4],
  [0.8, 0.45],
] as const
const eight = [...four, [0.5, 0.6], [0.35, 0.75], [0.65, 0.35], [0.5, 0.95]] as const

describe('calibration from ground points', () => {
  it('finds the pose from four exact points, however wrong the first guess', () => {
    const solved = calibrate(guess, pairsOf(pose, four), plain)
    if (!solved.ok) throw new Error(solved.error)
    const { camera, rmsPx, errors } = solved.value
    expect(rmsPx).toBeLessThan(1e-3)
    expect(camera.headingDeg).toBeCloseTo(140, 3)
    expect(camera.pitchDeg).toBeCloseTo(-22, 3)
    expect(camera.rollDeg).toBeCloseTo(2, 3)
    for (const [i, metres] of camera.at.entries()) expect(metres).toBeCloseTo(pose.at[i] ?? 0, 3)
    expect(Math.max(...errors.map(({ groundM }) => groundM ?? 99))).toBeLessThan(0.01)
  })

  it('finds the pose of any camera that looks down at the ground', () => {
    const poses = fc.record({
      headingDeg: fc.double({ min: 0, max: 360, noNaN: true }),
      pitchDeg: fc.double({ min: -65, max: -18, noNaN: true }),
      rollDeg: fc.double({ min: -8, max: 8, noNaN: true }),
      up: fc.double({ min: 3, max: 15, noNaN: true }),
      hfovDeg: fc.double({ min: 40, max: 100, noNaN: true }),
    })
    fc.assert(
      fc.property(poses, ({ up, hfovDeg, ...angles }) => {
        const camera = {
          ...pose,
          ...angles,
          at: [3, 4, up] as [number, number, number],
          lens: { ...pose.lens, hfovDeg },
        }
        const low = four.map(([x, y]) => [x, 0.55 + 0.45 * (y - 0.4)] as const)
        const solved = calibrate({ ...guess, lens: camera.lens }, pairsOf(camera, low), plain)
        if (!solved.ok) throw new Error(solved.error)
        const model = cameraModel(solved.value.camera)
        const truth = imageFromWorld(cameraModel(camera), ...low3(camera))
        const found = imageFromWorld(model, ...low3(camera))
        expect(found?.x).toBeCloseTo(truth?.x ?? 0, 0)
        expect(found?.y).toBeCloseTo(truth?.y ?? 0, 0)
      }),
      { numRuns: 60 },
    )
  })

  it('finds view angle and distortion too when there are points enough', () => {
    const bent = { ...pose, lens: { ...pose.lens, hfovDeg: 84, k1: -0.12 } }
    const solved = calibrate(guess, pairsOf(bent, eight), { viewAngle: true, distortion: true })
    if (!solved.ok) throw new Error(solved.error)
    expect(solved.value.camera.lens.hfovDeg).toBeCloseTo(84, 1)
    expect(solved.value.camera.lens.k1).toBeCloseTo(-0.12, 2)
  })

  it('stays within decimetres on the ground with clicks that are a pixel off, and says how sure it is', () => {
    const wrong: number[] = []
    for (let seed = 1; seed <= 20; seed++) {
      const solved = calibrate(guess, pairsOf(pose, eight, 1, seed), plain)
      if (!solved.ok) throw new Error(solved.error)
      const { camera } = solved.value
      const ground = worldFromImage(cameraModel(camera), 320, 230)
      const truth = worldFromImage(cameraModel(pose), 320, 230)
      if (!ground || !truth) throw new Error('above the horizon')
      wrong.push(Math.hypot(ground.eastM - truth.eastM, ground.northM - truth.northM))
      const offM = Math.hypot(...camera.at.map((metres, i) => metres - (pose.at[i] ?? 0)))
      expect(offM).toBeLessThan(5 * (camera.poseSigma?.positionM ?? 0))
    }
    expect(wrong.sort((a, b) => a - b)[10]).toBeLessThan(0.15)
  })

  it('finds a camera that looks straight down, where heading and roll are one turn', () => {
    for (const [pitchDeg, rollDeg] of [[-90, 0], [-89.5, 35], [-88, 0]] as const) // biome-ignore format: a row
      for (let seed = 1; seed <= 10; seed++) {
        const above = { ...pose, pitchDeg, rollDeg }
        const solved = calibrate(guess, pairsOf(above, eight, 1, seed), plain)
        if (!solved.ok) throw new Error(`${pitchDeg}: ${solved.error}`)
        const { camera } = solved.value
        expect(camera.poseSigma?.headingDeg).toBeLessThan(1)
        const [ground, truth] = [camera, above].map((one) => worldFromImage(cameraModel(one), 520, 90))
        if (!ground || !truth) throw new Error('above the horizon')
        expect(Math.hypot(ground.eastM - truth.eastM, ground.northM - truth.northM)).toBeLessThan(0.3)
      }
  })

  it('refuses what cannot be solved, and says why', () => {
    const refuse = (pairs: readonly GroundPair[], wish = plain) => {
      const solved = calibrate(guess, pairs, wish)
      return solved.ok ? 'solved' : solved.error
    }
    expect(refuse(pairsOf(pose, four.slice(0, 3)))).toBe('tooFew')
    expect(refuse(pairsOf(pose, four), { viewAngle: true, distortion: false })).toBe('tooFew')
    const line = [0.1, 0.3, 0.5, 0.7, 0.9].map((share) => [share, 0.5 + 0.3 * share] as const)
    expect(refuse(pairsOf(pose, line))).toBe('inLine')
    const [a, b, c, d] = pairsOf(pose, four)
    if (!a || !b || !c || !d) throw new Error('four')
    // Clicked twice, a point tells nothing more: several poses fit three points without any error.
    expect(refuse([b, c, d, { ...d, x: d.x + 1 }])).toBe('vague')
    const crossed = [
      { ...a, at: d.at },
      { ...b, at: a.at },
      { ...c, at: c.at },
      { ...d, at: b.at },
    ]
    expect(refuse(crossed)).not.toBe('solved')
  })

  it('is less sure of a pose from points that lie close together', () => {
    const close = four.map(([x, y]) => [0.5 + 0.15 * (x - 0.5), 0.6 + 0.15 * (y - 0.6)] as const)
    const sigma = (shares: typeof close) => {
      const solved = calibrate(guess, pairsOf(pose, shares), plain)
      return solved.ok ? (solved.value.camera.poseSigma?.positionM ?? 0) : Number.POSITIVE_INFINITY
    }
    expect(sigma(close)).toBeGreaterThan(4 * sigma([...four]))
  })
})

/** A place in the middle of what such a camera sees. */
function low3(camera: Camera): readonly [number, number, number] {
  const ground = worldFromImage(cameraModel(camera), camera.lens.widthPx / 2, camera.lens.heightPx * 0.7)
  if (!ground) throw new Error('above the horizon')
  return [ground.eastM, ground.northM, 0]
}
