import { expect, it } from 'vitest'
import { packGlb } from '../testing/tiny-glb.ts'
import { checkGlb } from './glb-check.ts'

const glb = (root: unknown, version = 2) => packGlb(root, undefined, version)

const model = (count: number, more: object = {}) => ({
  accessors: [{ count, min: [0, 0, 0], max: [2, 3, 1] }],
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
    problem(glb({ accessors: [{ count: 3 }], meshes: [{ primitives: [{ attributes: { POSITION: 0 } }] }] })),
  ).toMatch(/^meshes\.0\.primitives\.0\.attributes\.POSITION: states no bounds/)
})

it('refuses what would keep the loader busy for ever, or fill the memory', () => {
  expect(problem(glb(model(36, { nodes: [{ children: [1] }, { children: [0] }], scenes: [{ nodes: [0] }] })))).toMatch(
    /^nodes\.0: hangs below two/,
  )
  expect(problem(glb(model(36, { scenes: [{ nodes: [3] }] })))).toMatch(/no node 3/)
  expect(problem(glb(model(360_000, { nodes: [{ mesh: 0 }, { mesh: 0 }] })))).toMatch(/^nodes\.1: more than 150000/)
  const vast = { count: 1e9, min: [0, 0, 0], max: [1, 1, 1] }
  const few = {
    accessors: [vast, { count: 36 }],
    meshes: [{ primitives: [{ attributes: { POSITION: 0 }, indices: 1 }] }],
  }
  expect(problem(glb(few))).toMatch(/^accessors\.0\.count/)
  expect(problem(glb(model(36, { extensionsRequired: ['KHR_draco_mesh_compression'] })))).toMatch(/needs KHR_draco/)
  expect(problem(glb(model(36, { extensionsRequired: ['KHR_materials_unlit'] })))).toBe('sound')
})
