import { expect, it } from 'vitest'
import { packGlb, tinyGlb } from '../testing/tiny-glb.ts'
import { checkGlb } from './glb-check.ts'

const glb = (root: unknown, version = 2) => packGlb(root, undefined, version)

const points = { componentType: 5126, type: 'VEC3' }
const model = (count: number, more: object = {}) => ({
  scenes: [{ nodes: [] }],
  accessors: [{ ...points, count, min: [0, 0, 0], max: [2, 3, 1] }],
  meshes: [{ primitives: [{ attributes: { POSITION: 0 } }] }],
  ...more,
})
const problem = (bytes: Uint8Array) => {
  const checked = checkGlb(bytes)
  return checked.ok ? 'sound' : `${checked.error.path}: ${checked.error.message}`
}

it('counts triangles and measures the extent', () => {
  expect(checkGlb(glb(model(36)))).toEqual({ ok: true, value: { triangles: 12, extent: 3 } })
})

it('refuses what is broken, too much or leads elsewhere', () => {
  expect(problem(new TextEncoder().encode('solid not a model at all'))).toMatch(/no GLB/)
  expect(problem(glb(model(36), 1))).toMatch(/glTF 1/)
  expect(problem(glb(model(36)).subarray(0, 40))).toMatch(/cut short/)
  expect(problem(glb(model(900_000)))).toMatch(/more than 150000 triangles/)
  expect(problem(new Uint8Array(5 * 1024 * 1024))).toMatch(/at most/)
  expect(problem(glb(model(36, { buffers: [{ uri: 'https://elsewhere/x.bin' }] })))).toMatch(/other files/)
  expect(problem(glb({ meshes: [] }))).toMatch(/no triangles/)
  expect(
    problem(glb({ accessors: [{ ...points, count: 3 }], meshes: [{ primitives: [{ attributes: { POSITION: 0 } }] }] })),
  ).toMatch(/^meshes\.0\.primitives\.0\.attributes\.POSITION: states no bounds/)
})

it('refuses what would keep the loader busy for ever, or fill the memory', () => {
  expect(problem(glb(model(36, { nodes: [{ children: [1] }, { children: [0] }], scenes: [{ nodes: [0] }] })))).toMatch(
    /^nodes\.0: hangs below two/,
  )
  expect(problem(glb(model(36, { scenes: [{ nodes: [3] }] })))).toMatch(/no node 3/)
  expect(problem(glb(model(360_000, { nodes: [{ mesh: 0 }, { mesh: 0 }] })))).toMatch(/^nodes\.1: more than 150000/)
  const vast = { ...points, count: 1e9, min: [0, 0, 0], max: [1, 1, 1] }
  const few = {
    accessors: [vast, { componentType: 5123, type: 'SCALAR', count: 36 }],
    meshes: [{ primitives: [{ attributes: { POSITION: 0 }, indices: 1 }] }],
  }
  expect(problem(glb(few))).toMatch(/^accessors\.0\.count/)
  expect(problem(glb(model(36, { extensionsRequired: ['KHR_draco_mesh_compression'] })))).toMatch(/needs KHR_draco/)
  expect(problem(glb(model(36, { extensionsRequired: ['KHR_materials_unlit'] })))).toBe('sound')
})

it('refuses nodes beyond number and depth, and what is named but not there', () => {
  const chain = [...Array.from({ length: 600 }, (_, at) => ({ children: [at + 1] })), { mesh: 0 }]
  expect(problem(glb(model(36, { nodes: chain, scenes: [{ nodes: [0] }] })))).toBe(
    'nodes.501: hangs more than 500 deep',
  )
  expect(problem(glb(model(36, { nodes: Array.from({ length: 20_001 }, () => ({})) })))).toBe('nodes: more than 20000')
  expect(problem(glb(model(36, { scenes: [] })))).toBe('scenes: holds no scene to show')
  expect(problem(glb(model(36, { scene: 4 })))).toBe('scene: there is no 4 in scenes')
  expect(problem(glb(model(36, { nodes: [{ mesh: 7 }] })))).toBe('nodes.0.mesh: there is no 7 in meshes')
  expect(problem(glb(model(36, { nodes: [{ camera: 0 }] })))).toBe('nodes.0.camera: there is no 0 in cameras')
  expect(problem(glb(model(36, { nodes: [null] })))).toBe('nodes.0: is nothing')
  expect(problem(glb(model(36, { nodes: [{ name: 5 }] })))).toBe('nodes.0.name: is no text')
  const part = (more: object) => problem(glb(model(36, { meshes: [{ primitives: [more] }] })))
  const attributes = { POSITION: 0 }
  const path = 'meshes.0.primitives.0'
  expect(part({ attributes, material: 2 })).toBe(`${path}.material: there is no 2 in materials`)
  expect(part({ attributes, indices: 'x' })).toBe(`${path}.indices: there is no x in accessors`)
  expect(part({ attributes, targets: [{ POSITION: 9 }] })).toBe(
    `${path}.targets.0.POSITION: there is no 9 in accessors`,
  )
})

it('refuses accessors that do not find their bytes, with their place', () => {
  const box = (more: object) => problem(tinyGlb([1, 1, 1], { more: more as Record<string, unknown> }))
  const accessor = { ...points, bufferView: 0, count: 36, min: [0, 0, 0], max: [1, 1, 1] }
  expect(box({})).toBe('sound')
  expect(box({ buffers: [{ byteLength: 9999 }] })).toBe('buffers.0: holds fewer bytes than it states')
  expect(box({ buffers: undefined })).toBe('bufferViews.0: reaches beyond its buffer')
  expect(box({ buffers: [{ byteLength: 432, uri: 'data:x;base64,AAAA' }] })).toMatch(/^buffers\.0: holds fewer/)
  expect(box({ bufferViews: [{ buffer: 0, byteOffset: 400, byteLength: 432 }] })).toMatch(/^bufferViews\.0: reaches/)
  expect(box({ accessors: [{ ...accessor, count: 39 }] })).toBe('accessors.0: reaches beyond its view')
  expect(box({ accessors: [{ ...accessor, byteOffset: 2 }] })).toBe('accessors.0: begins between two numbers')
  expect(box({ accessors: [{ ...accessor, componentType: 1 }] })).toBe('accessors.0: is of no known type')
  expect(box({ accessors: [{ ...accessor, type: 'VEC2' }] })).toBe(
    'meshes.0.primitives.0.attributes.POSITION: are no points',
  )
  const sparse = { count: 1e9, indices: { bufferView: 0, componentType: 5123 }, values: { bufferView: 0 } }
  expect(box({ accessors: [{ ...accessor, sparse }] })).toBe('accessors.0: changes more than it holds')
  const whole = tinyGlb([1, 1, 1])
  new DataView(whole.buffer).setUint32(8, whole.length - 8, true)
  expect(problem(whole)).toBe(': is cut short')
})

it('says what compression it does not read, required or not', () => {
  const uses = (extensionsUsed: string[], more: object = {}) => problem(glb(model(36, { extensionsUsed, ...more })))
  expect(uses(['KHR_draco_mesh_compression'])).toBe(
    'extensionsUsed: uses KHR_draco_mesh_compression, which is not read',
  )
  const fallback = { byteLength: 432, extensions: { EXT_meshopt_compression: { fallback: true } } }
  const views = { buffers: [{ byteLength: 0 }, fallback], bufferViews: [{ buffer: 1, byteLength: 432 }] }
  expect(uses(['EXT_meshopt_compression'], views)).toBe('bufferViews.0: is compressed (meshopt), which is not read')
  expect(problem(new TextEncoder().encode('{"asset":{"version":"2.0"}}'))).toMatch(/a \.gltf must be packed/)
})
