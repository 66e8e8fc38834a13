import { describe, expect, it } from 'vitest'
import type { Track } from '../contract/perception.ts'
import { createRandom } from '../platform/random.ts'
import { cameraModel, imageFromWorld } from '../site/projection.ts'
import type { Camera, Zone } from '../site/schema.ts'
import { cameraPlace, followOnGround, type GroundPaths, placeTracks } from './track-placement.ts'

describe('placement', () => {
  const camera: Camera = {
    id: 'cam',
    name: 'Camera',
    at: [0, 0, 6],
    headingDeg: 0,
    pitchDeg: -20,
    rollDeg: 0,
    lens: { widthPx: 320, heightPx: 192, hfovDeg: 70, k1: 0, k2: 0 },
    source: 'virtual:',
    fps: 8,
    zones: ['dock'],
  }
  const zone = (id: string, half: number, floorM = 0): Zone => ({
    id,
    name: id,
    kind: 'outdoor',
    polygon: [
      [-half, 12],
      [half, 12],
      [half, 28],
      [-half, 28],
    ],
    floorM,
    heightM: 3,
    access: 'staff',
    capacity: 0,
    conditioned: false,
  })
  const place = cameraPlace(camera, [zone('yard', 30), zone('dock', 8)])
  const trackAt = (eastM: number, northM: number, upM = 0) => {
    const foot = imageFromWorld(place.model, eastM, northM, upM)
    if (!foot) throw new Error('behind the camera')
    const height = (1.75 * place.model.focalPx) / foot.depthM
    const box = { x: foot.x - height / 4, y: foot.y - height, width: height / 2, height }
    return { id: 'cam:1', cameraId: 'cam', className: 'person', score: 0.9, box, firstSeenMs: 0, lastSeenMs: 0 }
  }
  const size = { width: 320, height: 192 }

  it('stands a person where their feet are, in the smallest zone there', () => {
    const [track] = placeTracks([trackAt(3, 20)], place, size)
    expect(track?.world?.eastM).toBeCloseTo(3, 0)
    expect(track?.world?.northM).toBeCloseTo(20, 0)
    expect(track?.zoneId).toBe('dock')
    expect(placeTracks([trackAt(10, 20)], place, size)[0]?.zoneId).toBe('yard')
  })

  it('is less sure further away', () => {
    const sigma = (northM: number) => placeTracks([trackAt(0, northM)], place, size)[0]?.world?.sigmaM ?? Number.NaN
    expect(sigma(14)).toBeLessThan(0.6)
    expect(sigma(40)).toBeGreaterThan(2 * sigma(14))
  })

  it('stands people on the raised floor of a zone the camera watches', () => {
    const raised = cameraPlace(camera, [zone('yard', 30), zone('dock', 8, 1.2)])
    const [track] = placeTracks([trackAt(2, 20, 1.2)], raised, size)
    expect(track?.world?.northM).toBeCloseTo(20, 0)
    expect(track?.zoneId).toBe('dock')
  })

  it('knows across the line of sight better than along it', () => {
    const spread = placeTracks([trackAt(0, 30)], place, size)[0]?.world?.covariance
    expect(spread?.nnM2).toBeGreaterThan(4 * (spread?.eeM2 ?? Number.NaN))
    expect(Math.abs(spread?.enM2 ?? Number.NaN)).toBeLessThan(0.05)
  })

  it('is much less sure of a car whose wheels are out of the picture, but goes by a person’s head', () => {
    const whole = trackAt(0, 9)
    const cut = { ...whole, box: { ...whole.box, height: size.height - whole.box.y } }
    const car = (track: Track) => placeTracks([{ ...track, className: 'car' }], place, size)[0]?.world
    expect(car(cut)?.sigmaM).toBeGreaterThan(2 * (car(whole)?.sigmaM ?? Number.NaN))
    expect(placeTracks([cut], place, size)[0]?.world?.northM).toBeCloseTo(9, 0)
  })

  it('sees a person’s place by the head where somebody nearer hides the feet', () => {
    const back = trackAt(0, 20)
    const hidden = { ...back, box: { ...back.box, height: back.box.height * 0.6 } }
    const front = { ...trackAt(0.1, 17.5), id: 'cam:2' }
    const [alone] = placeTracks([hidden], place, size)
    const [behind] = placeTracks([hidden, front], place, size)
    expect(Math.abs((alone?.world?.northM ?? 0) - 20)).toBeGreaterThan(2)
    expect(Math.abs((behind?.world?.northM ?? 0) - 20)).toBeLessThan(0.6)
  })

  it('takes a doubtful pose into account', () => {
    const solved = { ...place, poseSigma: { positionM: 0.5, headingDeg: 1, pitchDeg: 1 } }
    const sigma = (where: typeof place) => placeTracks([trackAt(0, 30)], where, size)[0]?.world?.sigmaM ?? Number.NaN
    expect(sigma(solved)).toBeGreaterThan(1.5 * sigma(place))
  })

  it('does not take a wrong pose for two chances: foot and head of a person are wrong together', () => {
    const random = createRandom(5)
    const poseSigma = { positionM: 0.05, headingDeg: 1.5, pitchDeg: 1 }
    let within = 0
    for (let i = 0; i < 400; i++) {
      const real = {
        ...camera,
        headingDeg: poseSigma.headingDeg * random.normal(),
        pitchDeg: camera.pitchDeg + poseSigma.pitchDeg * random.normal(),
      }
      const [foot, head] = [0, 1.74].map((upM) => imageFromWorld(cameraModel(real), 0, 25, upM))
      if (!foot || !head) throw new Error('behind the camera')
      const height = foot.y - head.y
      const box = { x: foot.x - height / 5, y: head.y, width: (2 * height) / 5, height }
      const world = placeTracks([{ ...trackAt(0, 25), box }], { ...place, poseSigma }, size)[0]?.world
      const { eeM2, nnM2, enM2 } = world?.covariance ?? { eeM2: 0, nnM2: 0, enM2: 0 }
      const [de, dn] = [world?.eastM ?? 99, (world?.northM ?? 99) - 25]
      const surprise = (de * de * nnM2 - 2 * de * dn * enM2 + dn * dn * eeM2) / (eeM2 * nnM2 - enM2 * enM2)
      if (surprise <= 4) within++
    }
    // Of two dimensions, 86 % lie within two σ.
    expect(within / 400).toBeGreaterThan(0.84)
  })

  it('steadies what wavers, learns how it moves, and says honestly how sure it is', () => {
    const random = createRandom(11)
    let paths: GroundPaths = new Map()
    const [raw, steady, surprises]: [number[], number[], number[]] = [[], [], []]
    for (let walk = 0; walk < 30; walk++) {
      const from = { eastM: random.between(-5, 5), northM: random.between(16, 32) }
      for (let i = 0; i < 24; i++) {
        const [eastM, northM, atMs] = [from.eastM + i * 0.15, from.northM, walk * 60_000 + i * 125]
        const exact = trackAt(eastM, northM)
        const wavering = {
          ...exact,
          id: `cam:${walk}`,
          lastSeenMs: atMs,
          box: { ...exact.box, y: exact.box.y + random.normal() * 0.8, x: exact.box.x + random.normal() * 0.5 },
        }
        const followed = followOnGround(paths, [wavering], place, size, atMs)
        paths = followed.paths
        const world = followed.tracks[0]?.world
        const single = placeTracks([wavering], place, size)[0]?.world
        if (i < 8 || !world || !single) continue
        steady.push(Math.hypot(world.eastM - eastM, world.northM - northM))
        raw.push(Math.hypot(single.eastM - eastM, single.northM - northM))
        surprises.push(Math.hypot(world.eastM - eastM, world.northM - northM) / world.sigmaM)
        if (i === 23) expect(world.velocity?.eastMps).toBeGreaterThan(0.6)
      }
    }
    const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
    expect(median(steady)).toBeLessThan(0.8 * median(raw))
    expect(median(steady)).toBeLessThan(0.6)
    expect(surprises.filter((share) => share < 2).length / surprises.length).toBeGreaterThan(0.9)
  })

  it('gives no place to what is above the horizon', () => {
    const track = { ...trackAt(0, 20), box: { x: 150, y: 2, width: 10, height: 10 } }
    expect(placeTracks([track], place, size)[0]?.world).toBeUndefined()
  })
})
