import { expect, it } from 'vitest'
import { checkGlb } from './glb-check.ts'

function glb(root: unknown, version = 2): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(root).padEnd(4))
  const bytes = new Uint8Array(20 + json.length)
  const view = new DataView(bytes.buffer)
  for (const [at, word] of [0x46546c67, version, bytes.length, json.length, 0x4e4f534a].entries())
    view.setUint32(at * 4, word, true)
  bytes.set(json, 20)
  return bytes
}

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
