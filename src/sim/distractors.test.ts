import { describe, expect, it } from 'vitest'
import { validate } from '../contract/decode.ts'
import { type SimWorldMessage, simWorldMessage } from '../contract/sim-world.ts'
import { createRandom } from '../platform/random.ts'
import { buildCampus } from '../site/campus/campus.ts'
import { cameraModel } from '../site/projection.ts'
import { createStage, createVirtualCamera } from './camera/virtual-camera.ts'
import { type DistractorCounts, planDistractors } from './distractors.ts'
import { groundInView, SiteDistractors } from './site-distractors.ts'

const site = buildCampus()
const camera = site.cameras[0] ?? expect.fail('the campus has cameras')
const stage = createStage(site)
const one: DistractorCounts = { animal: 1, bird: 1, flag: 1, litter: 1, cloudShade: 1, leafShade: 1, beam: 1 }
const none: DistractorCounts = { animal: 0, bird: 0, flag: 0, litter: 0, cloudShade: 0, leafShade: 0, beam: 0 }

function plan(seed: number, counts: DistractorCounts) {
  const random = createRandom(seed)
  const place = () => groundInView(site, cameraModel(camera), random, 20)
  return planDistractors(random, { place, windMps: 4, dark: true, sunny: true, rainMmPerH: 0 }, counts)
}

const calm = (over: Partial<SimWorldMessage> = {}): SimWorldMessage => ({
  at: 1e6, sun: [0.3, 0.5, 0.8], cloud: 0, rainMmPerH: 0, actors: [], openings: {}, lights: {}, fires: [], ...over,
}) // biome-ignore format: one calm moment

function picture(world: SimWorldMessage): Uint8ClampedArray {
  return createVirtualCamera({ site, camera, stage }).renderLabelled(world).rgba.slice()
}

const differing = (a: Uint8ClampedArray, b: Uint8ClampedArray) =>
  a.reduce((sum, value, i) => sum + (Math.abs(value - (b[i] as number)) > 12 ? 1 : 0), 0)

describe('distractors', () => {
  it('are the same for the same seed and moment, and pass the wire', () => {
    const [a, b] = [plan(7, one).at(3.25), plan(7, one).at(3.25)]
    expect(a).toEqual(b)
    const world = calm({ actors: [...a.animals], distractors: [...a.distractors], wet: a.wet })
    expect(validate(simWorldMessage, world).ok).toBe(true)
    expect(picture(world)).toEqual(picture(world))
  })

  it.each(['bird', 'flag', 'litter', 'cloudShade', 'leafShade'] as const)(
    'change the picture by day and never its labels: %s',
    (kind) => {
      const cam = createVirtualCamera({ site, camera, stage })
      const empty = cam.renderLabelled(calm()).rgba.slice()
      const changed = Array.from({ length: 24 }, (_, seed) => {
        const { distractors } = plan(seed, { ...none, [kind]: 2 }).at(seed * 0.7)
        const drawn = cam.renderLabelled(calm({ distractors: [...distractors] }))
        expect(drawn.boxes).toEqual([])
        return differing(drawn.rgba, empty)
      })
      expect(changed.filter((count) => count > 20).length).toBeGreaterThan(3)
    },
  )

  it('light the night with a sweeping beam', () => {
    const night = { sun: [0, 0.3, -0.95] as [number, number, number] }
    const cam = createVirtualCamera({ site, camera, stage })
    const empty = cam.render(calm(night)).rgba.slice()
    const moments = Array.from({ length: 12 }, (_, k) => {
      const { distractors } = plan(5, { ...none, beam: 1 }).at(k)
      return differing(cam.render(calm({ ...night, distractors: [...distractors] })).rgba, empty)
    })
    expect(Math.max(...moments)).toBeGreaterThan(500)
  })

  it('change how the ground looks when it is wet', () => {
    expect(differing(picture(calm({ wet: 1 })), picture(calm()))).toBeGreaterThan(2000)
  })

  it('pass a simulated park now and then, and not most of the time', () => {
    const strays = new SiteDistractors(site, 3)
    const weather = { windMps: 5, sun: [0.3, 0.5, 0.8], cloud: 0.3, rainMmPerH: 0 } as never
    const busy = Array.from({ length: 2000 }, (_, i) => strays.now(i * 5000, weather)).filter(
      ({ animals, distractors }) => animals.length + distractors.length > 0,
    )
    expect(busy.length).toBeGreaterThan(20)
    expect(busy.length).toBeLessThan(300)
  })
})
