import { describe, expect, it } from 'vitest'
import type { Result } from '../platform/result.ts'
import { sha256Hex } from '../platform/sha256.ts'
import type { SiteModel } from '../site/schema.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { tinyGlb } from '../testing/tiny-glb.ts'
import { fetchModel, type ModelFault } from './model-fetch.ts'
import { readModel } from './model-mesh.ts'

const model: SiteModel = { id: 'tank', url: 'models/tank.glb', scale: 1, headingDeg: 0 }

async function bounds(glb: Uint8Array, more: Partial<SiteModel> = {}) {
  const read = await readModel(glb, { ...model, ...more })
  if (!read.ok) throw new Error(read.error.detail)
  const sides = [0, 1, 2].map((axis) => {
    const along = [...read.value.positions].filter((_, i) => i % 3 === axis)
    return [Math.min(...along), Math.max(...along)].map((x) => Math.round(x * 1000) / 1000 + 0)
  })
  return { sides, mesh: read.value }
}

const fault = <T>(result: Result<T, ModelFault>) =>
  result.ok ? 'sound' : `${result.error.code}: ${result.error.detail}`

describe('a model', () => {
  it('stands upright, its −z to the north, in metres', async () => {
    const { sides } = await bounds(tinyGlb([2, 6, 4], { at: [10, 0, -20] }))
    expect(sides).toEqual([
      [9, 11],
      [18, 22],
      [0, 6],
    ])
  })

  it('is scaled, turned clockwise and moved', async () => {
    const { sides } = await bounds(tinyGlb([200, 600, 400], { at: [0, 0, -1000] }), {
      scale: 0.01,
      headingDeg: 90,
      offset: [1, 0, 0.5],
    })
    expect(sides).toEqual([
      [9, 13],
      [-1, 1],
      [0.5, 6.5],
    ])
  })

  it('keeps its base colour, and flat faces that look outwards where it has no normals', async () => {
    const { mesh } = await bounds(tinyGlb([2, 2, 2], { color: [0.25, 0.5, 1] }))
    expect([...mesh.colors.slice(0, 3)]).toEqual([0.25, 0.5, 1])
    for (let i = 0; i < mesh.positions.length; i += 3) {
      const [x, y, z] = [0, 1, 2].map((axis) => mesh.positions[i + axis] as number) as [number, number, number]
      const [nx, ny, nz] = [0, 1, 2].map((axis) => mesh.normals[i + axis] as number) as [number, number, number]
      expect(x * nx + y * ny + (z - 1) * nz).toBeCloseTo(1)
    }
  })

  it('keeps its outside when a node mirrors it', async () => {
    const { mesh } = await bounds(tinyGlb([2, 2, 2], { more: { nodes: [{ mesh: 0, scale: [-1, 1, 1] }] } }))
    const corner = (i: number) =>
      [0, 1, 2].map((axis) => mesh.positions[(mesh.indices[i] as number) * 3 + axis] as number)
    const [a, b, c] = [corner(0), corner(1), corner(2)] as [number[], number[], number[]]
    const [u, v] = [b, c].map((p) => p.map((x, axis) => x - (a[axis] as number))) as [number[], number[]]
    // The first face of the box lies at −x, now at +x.
    expect((u[1] as number) * (v[2] as number) - (u[2] as number) * (v[1] as number)).toBeGreaterThan(0)
  })

  describe('with pictures', () => {
    const picturesOf = (texCoord: number) => ({
      materials: [
        {
          pbrMetallicRoughness: { baseColorTexture: { index: 0, texCoord }, metallicRoughnessTexture: { index: 1 } },
          normalTexture: { index: 1 },
        },
      ],
      textures: [{ source: 0 }, { source: 1 }],
      images: [{ uri: 'data:image/png;base64,AQID' }, { uri: 'data:image/png;base64,BAUG' }],
    })
    const textured = tinyGlb([1, 1, 1], { more: picturesOf(0) })

    it('takes the colour of the base colour’s, and decodes no other', async () => {
      const asked: number[][] = []
      const read = await readModel(textured, model, (bytes) => {
        asked.push([...bytes])
        return Promise.resolve({ width: 1, height: 1, rgba: Uint8ClampedArray.of(255, 0, 0, 255) })
      })
      expect(asked).toEqual([[1, 2, 3]])
      expect(read.ok && [...read.value.colors.slice(0, 3)]).toEqual([1, 0, 0])
      expect(read.ok && read.value.indices.length / 3).toBe(12)
    })

    it('keeps its plain base colour where they cannot be decoded', async () => {
      const { mesh } = await bounds(tinyGlb([1, 1, 1], { more: picturesOf(1) }))
      expect(mesh.colors[0]).toBe(1)
      const broken = await readModel(textured, model, () => Promise.resolve(undefined))
      expect(broken.ok && broken.value.colors[0]).toBe(1)
    })
  })

  it('is refused where it shows nothing, lies far off or has corners that are no numbers', async () => {
    const box = async (more: Record<string, unknown>) => fault(await readModel(tinyGlb([1, 1, 1], { more }), model))
    expect(await box({ scenes: [] })).toMatch(/^scene.modelRefused: .*there is no 0 in scenes/)
    expect(await box({ scenes: [{ nodes: [] }] })).toMatch(/shows nothing/)
    expect(await box({ nodes: [{ mesh: 0, translation: [1e6, 0, 0] }] })).toMatch(/lies 1000000 m away from its place/)
    expect(await box({ nodes: [{ mesh: 0, matrix: [1, 2] }] })).toMatch(/no numbers/)
  })

  it('never takes colours or normals that are none: one would blot out the picture', async () => {
    const materials = [{ pbrMetallicRoughness: { baseColorFactor: [null, 'red', 7, 1] } }]
    const { mesh } = await bounds(tinyGlb([1, 1, 1], { more: { materials } }))
    expect([...mesh.colors.slice(0, 3)]).toEqual([0, 0, 1])
    const few = { bufferView: 0, componentType: 5126, type: 'VEC3', count: 3 }
    const corners = { ...few, count: 36, min: [-0.5, 0, -0.5], max: [0.5, 1, 0.5] }
    const short = { accessors: [corners, few], meshes: [{ primitives: [{ attributes: { POSITION: 0, NORMAL: 1 } }] }] }
    const flat = await bounds(tinyGlb([1, 1, 1], { more: short }))
    expect([...flat.mesh.normals].every(Number.isFinite)).toBe(true)
  })

  it('is refused with its reason when it is broken, too much, out of scale or leads elsewhere', async () => {
    const sound = tinyGlb([1, 1, 1])
    expect(fault(await readModel(sound.subarray(0, 60), model))).toMatch(
      /^scene.modelRefused: models\/tank.glb: is cut/,
    )
    expect(
      fault(await readModel(tinyGlb([1, 1, 1], { more: { buffers: [{ uri: 'box.bin', byteLength: 1 }] } }), model)),
    ).toMatch(/other files/)
    expect(fault(await readModel(tinyGlb([1, 1, 1], { more: { bufferViews: [] } }), model))).toMatch(
      /^scene.modelRefused/,
    )
    expect(fault(await readModel(sound, { ...model, scale: 9000 }))).toMatch(
      /is 9000 m long at scale 9000; 0\.005 to 2000 m can stand/,
    )
    const many = [{ componentType: 5126, type: 'VEC3', count: 450_003, min: [0, 0, 0], max: [1, 1, 1] }]
    expect(fault(await readModel(tinyGlb([1, 1, 1], { more: { accessors: many } }), model))).toMatch(
      /^scene.modelTooLarge/,
    )
    expect(fault(await readModel(new Uint8Array(4 * 1024 * 1024 + 1), model))).toMatch(/^scene.modelTooLarge/)
  })
})

describe('fetching a model', () => {
  const page = 'https://park.example/console/'
  const glb = tinyGlb([1, 1, 1])
  const clock = new FakeClock()
  const answer = (make: () => Response) => () => Promise.resolve(make())
  const from = (get: typeof fetch, more: Partial<SiteModel> = {}) => fetchModel({ ...model, ...more }, page, clock, get)

  it('goes to the address beside the page and takes the bytes that the site file names', async () => {
    const asked: string[] = []
    const get: typeof fetch = (address) => {
      asked.push(String(address))
      return Promise.resolve(new Response(glb))
    }
    expect(await from(get, { sha256: sha256Hex(glb) })).toEqual({ ok: true, value: glb })
    expect(asked).toEqual(['https://park.example/console/models/tank.glb'])
  })

  it('says why there is nothing', async () => {
    const sound = answer(() => new Response(glb))
    expect(fault(await from(sound, { url: 'file:///etc/passwd' }))).toMatch(/Unreachable: .*no http\(s\)/)
    expect(fault(await from(sound, { url: 'data:model/gltf-binary,x' }))).toMatch(/no http\(s\)/)
    expect(fault(await from(sound, { sha256: '0'.repeat(64) }))).toMatch(/^scene.modelAltered/)
    expect(fault(await from(answer(() => new Response('', { status: 404 }))))).toMatch(/Unreachable: .*HTTP 404/)
    expect(fault(await from(() => Promise.reject(new TypeError('no route'))))).toMatch(/Unreachable: .*no route/)
    expect(fault(await from(answer(() => new Response(new Uint8Array(5 * 1024 * 1024)))))).toMatch(
      /^scene.modelTooLarge/,
    )
  })

  it('does not wait for ever', async () => {
    const never: typeof fetch = (_, init) =>
      new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(new Error('aborted'))))
    const waiting = from(never)
    clock.advance(30_000)
    expect(fault(await waiting)).toMatch(/Unreachable: .*aborted/)
  })
})
