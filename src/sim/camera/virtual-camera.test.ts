import { describe, expect, it } from 'vitest'
import type { SimWorldMessage, WorldActor } from '../../contract/sim-world.ts'
import { parseSite } from '../../site/load.ts'
import { cameraModel, imageFromWorld } from '../../site/projection.ts'
import type { SiteFile } from '../../site/schema.ts'
import { createVirtualCamera } from './virtual-camera.ts'

function tinySite(): SiteFile {
  const parsed = parseSite({
    format: 'parkloop-site',
    version: 1,
    id: 'yard',
    name: 'Yard',
    geo: { latitudeDeg: 31, longitudeDeg: 121, utcOffsetMinutes: 480 },
    ground: { boundary: [[-40, -40], [40, -40], [40, 40], [-40, 40]] }, // biome-ignore format: an outline
    buildings: [
      {
        id: 'shed',
        name: 'Shed',
        use: 'warehouse',
        footprint: [[4, 2], [12, 2], [12, 8], [4, 8]], // biome-ignore format: an outline
        storeys: [{ id: 's0', name: '0', baseM: 0, heightM: 5 }],
      },
    ],
    zones: [{ id: 'dock', name: 'Dock', kind: 'dock', polygon: [[-10, -8], [3, -8], [3, 6], [-10, 6]] }], // biome-ignore format: an outline
    cameras: [
      {
        id: 'cam',
        name: 'Cam',
        at: [0, -16, 4],
        headingDeg: 0,
        pitchDeg: -12,
        lens: { widthPx: 320, heightPx: 192, hfovDeg: 70 },
      },
    ],
    tariff: { currency: 'CNY', bands: [{ name: 'flat', pricePerKwh: 1, windows: [{ fromH: 0, toH: 24 }] }] },
  })
  if (!parsed.ok) throw new Error(parsed.error.message)
  return parsed.value
}

const site = tinySite()
const camera = site.cameras[0] ?? expect.fail('the site has a camera')
const person = (at: [number, number, number], id = 'p'): WorldActor => ({ id, kind: 'person', at, headingDeg: 90, speedMps: 1.2, phase: 1, look: 5 }) // biome-ignore format: a row

function world(over: Partial<SimWorldMessage> = {}): SimWorldMessage {
  return {
    at: 1e6,
    sun: [0.3, -0.6, 0.74],
    cloud: 0,
    rainMmPerH: 0,
    actors: [],
    openings: {},
    lights: {},
    fires: [],
    ...over,
  }
}
const night = { sun: [0, 0.2, -0.97] as [number, number, number] }

function meanOf(rgba: Uint8ClampedArray): number {
  let sum = 0
  for (let i = 0; i < rgba.length; i += 4) sum += rgba[i + 1] as number
  return sum / (rgba.length / 4)
}

describe('virtual camera', () => {
  it('draws the same picture for the same seed and world', () => {
    const make = (seed: number) =>
      createVirtualCamera({ site, camera, seed }).render(world({ actors: [person([0, 0, 0])] })).rgba
    expect(make(1)).toEqual(make(1))
    expect(make(1)).not.toEqual(make(2))
  })

  it('labels a person where the projection puts them', () => {
    const picture = createVirtualCamera({ site, camera }).renderLabelled(world({ actors: [person([-1, -2, 0])] }))
    const box = picture.boxes[0] ?? expect.fail('the person is in the picture')
    const feet = imageFromWorld(cameraModel(camera), -1, -2, 0) ?? expect.fail('before the camera')
    const head = imageFromWorld(cameraModel(camera), -1, -2, 1.7) ?? expect.fail('before the camera')
    expect(box.className).toBe('person')
    expect(box.visible).toBeGreaterThan(0.97)
    expect(Math.abs(box.y + box.height - feet.y)).toBeLessThan(3)
    expect(Math.abs(box.y - head.y)).toBeLessThan(4)
    expect(Math.abs(box.x + box.width / 2 - feet.x)).toBeLessThan(4)
  })

  it('hides who stands behind a building', () => {
    const picture = createVirtualCamera({ site, camera }).renderLabelled(world({ actors: [person([8, 12, 0])] }))
    expect(picture.boxes).toEqual([])
  })

  it('labels fire and smoke, and no animal', () => {
    const fires = [{ zone: 'dock', at: [0, 0, 0] as [number, number, number], intensity: 0.8, smoke: 0.8 }]
    const dog: WorldActor = { ...person([2, -2, 0]), kind: 'animal' }
    const boxes = createVirtualCamera({ site, camera }).renderLabelled(world({ fires, actors: [dog] })).boxes
    expect(boxes.map((box) => box.className).sort()).toEqual(['fire', 'smoke'])
  })

  it('draws luggage where it stands, and no label speaks of it', () => {
    const draw = (at: number[][]) => {
      const luggage = (place: number[]) => ({ kind: 'luggage' as const, at: place as [number, number, number], headingDeg: 20, phase: 0, sizeM: 0.7, strength: 1, look: 3 }) // biome-ignore format: a row
      return createVirtualCamera({ site, camera }).renderLabelled(world({ cloud: 1, distractors: at.map(luggage) }))
    }
    const [without, withIt] = [draw([]), draw([[-2, -4, 0]])]
    expect(withIt.boxes).toEqual([])
    const changed = [...withIt.rgba.keys()].filter((i) => withIt.rgba[i] !== without.rgba[i]).map((i) => i >> 2)
    const foot = imageFromWorld(cameraModel(camera), -2, -4, 0) ?? expect.fail('in view')
    expect(changed.length).toBeGreaterThan(60)
    for (const pixel of changed) {
      expect(Math.abs((pixel % 320) - foot.x)).toBeLessThan(15)
      expect(Math.abs(Math.floor(pixel / 320) - (foot.y - 6))).toBeLessThan(15)
    }
  })

  it('is black and white and dim at night, and in colour when the dock is lit', () => {
    const cam = createVirtualCamera({ site, camera })
    const grey = (rgba: Uint8ClampedArray) => rgba.every((value, i) => i % 4 === 3 || value === rgba[i - (i % 4)])
    const day = meanOf(cam.render(world()).rgba)
    const dark = cam.render(world(night)).rgba
    expect(grey(dark)).toBe(true)
    expect(meanOf(dark)).toBeLessThan(day)
    expect(grey(cam.render(world({ ...night, lights: { dock: 1 } })).rgba)).toBe(false)
  })

  it('darkens the ground in the sun with a shadow', () => {
    const cam = createVirtualCamera({ site, camera })
    const sun: [number, number, number] = [-0.7, -0.1, 0.7]
    const ground = imageFromWorld(cameraModel(camera), -1 + 0.9, -2 + 0.1, 0.02) ?? expect.fail('before the camera')
    const darkest = (rgba: Uint8ClampedArray) => {
      let least = 255
      for (let y = -2; y <= 2; y++) {
        for (let x = -2; x <= 2; x++) {
          least = Math.min(least, rgba[((Math.floor(ground.y) + y) * 320 + Math.floor(ground.x) + x) * 4 + 1] as number)
        }
      }
      return least
    }
    const empty = darkest(cam.render(world({ sun })).rgba)
    const shaded = darkest(cam.render(world({ sun, actors: [person([-1, -2, 0])] })).rgba)
    expect(shaded).toBeLessThan(empty - 25)
  })
})
