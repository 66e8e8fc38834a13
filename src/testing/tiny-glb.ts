export interface TinyGlb {
  /** Base colour, linear red, green, blue. */
  readonly color?: readonly [number, number, number]
  /** Where the box stands, in the model's own frame: y up. */
  readonly at?: readonly [number, number, number]
  /** Puts members into the file's JSON, or replaces some. */
  readonly more?: Readonly<Record<string, unknown>>
}

const floats = 4

/** A GLB that holds one box, `size` units wide (x), high (y) and deep (z), standing on its place. */
export function tinyGlb(size: readonly [number, number, number], options: TinyGlb = {}): Uint8Array<ArrayBuffer> {
  const { color = [0.8, 0.2, 0.1], at = [0, 0, 0], more } = options
  const [x, y, z] = [size[0] / 2, size[1], size[2] / 2]
  const corners = [-x, x].flatMap((cx) => [0, y].flatMap((cy) => [-z, z].map((cz) => [cx, cy, cz] as const)))
  // Seen from outside counter-clockwise: two faces for each side of the box.
  const sides = [0, 1, 3, 2, 4, 6, 7, 5, 0, 4, 5, 1, 2, 3, 7, 6, 0, 2, 6, 4, 1, 5, 7, 3]
  const faces = [0, 4, 8, 12, 16, 20].flatMap((s) =>
    [0, 1, 2, 0, 2, 3].map((k) => corners[sides[s + k] as number] ?? []),
  )
  const body = new Uint8Array(new Float32Array(faces.flat()).buffer)
  return packGlb(
    {
      asset: { version: '2.0' },
      scene: 0,
      scenes: [{ nodes: [0] }],
      nodes: [{ mesh: 0, translation: at }],
      meshes: [{ primitives: [{ attributes: { POSITION: 0 }, material: 0 }] }],
      materials: [{ pbrMetallicRoughness: { baseColorFactor: [...color, 1] } }],
      accessors: [
        { bufferView: 0, componentType: 5126, type: 'VEC3', count: faces.length, min: [-x, 0, -z], max: [x, y, z] },
      ],
      bufferViews: [{ buffer: 0, byteLength: faces.length * 3 * floats }],
      buffers: [{ byteLength: body.length }],
      ...more,
    },
    body,
  )
}

/** glTF 2.0, binary: header, JSON, body. */
export function packGlb(root: unknown, body = new Uint8Array(), version = 2): Uint8Array<ArrayBuffer> {
  const text = JSON.stringify(root)
  const json = new TextEncoder().encode(text + ' '.repeat((4 - (new TextEncoder().encode(text).length % 4)) % 4))
  const bytes = new Uint8Array(20 + json.length + (body.length > 0 ? 8 + body.length : 0))
  const view = new DataView(bytes.buffer)
  const words = [0x46546c67, version, bytes.length, json.length, 0x4e4f534a]
  for (const [at, word] of words.entries()) view.setUint32(at * 4, word, true)
  bytes.set(json, 20)
  if (body.length === 0) return bytes
  view.setUint32(20 + json.length, body.length, true)
  view.setUint32(24 + json.length, 0x004e4942, true)
  bytes.set(body, 28 + json.length)
  return bytes
}
