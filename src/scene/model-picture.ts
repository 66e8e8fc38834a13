import { ClampToEdgeWrapping, MirroredRepeatWrapping, RepeatWrapping, Texture, type Wrapping } from 'three'
import type { GLTFParser } from 'three/examples/jsm/loaders/GLTFLoader.js'
import { pictureSize } from '../platform/picture-header.ts'
import { field, list } from '../site/json-fields.ts'
import { modelBudget } from '../site/schema.ts'

/** A decoded picture, sRGB, rows from the top. */
export interface ModelPicture {
  readonly width: number
  readonly height: number
  readonly rgba: Uint8ClampedArray
}

/** Undefined where it cannot be decoded, or not here. */
export type DecodePicture = (bytes: Uint8Array<ArrayBuffer>) => Promise<ModelPicture | undefined>

/** Decodes in the browser, shrunk to what is worth baking. What its head says is checked before: bombs stay closed. */
export const decodePicture: DecodePicture = async (bytes) => {
  const size = pictureSize(bytes)
  const { pictureSourcePx, picturePx } = modelBudget
  if (!size || Math.max(size.width, size.height) > pictureSourcePx || typeof OffscreenCanvas === 'undefined')
    return undefined
  const scale = Math.min(1, picturePx / Math.max(size.width, size.height))
  const [width, height] = [Math.max(1, Math.round(size.width * scale)), Math.max(1, Math.round(size.height * scale))]
  try {
    // Colours under full transparency count as well: opacity is not drawn.
    const options = {
      resizeWidth: width,
      resizeHeight: height,
      resizeQuality: 'high',
      premultiplyAlpha: 'none',
    } as const
    const bitmap = await createImageBitmap(new Blob([bytes]), options)
    const context = new OffscreenCanvas(width, height).getContext('2d')
    context?.drawImage(bitmap, 0, 0)
    bitmap.close()
    const rgba = context?.getImageData(0, 0, width, height).data
    return rgba && { width, height, rgba }
  } catch {
    // Broken pictures leave the plain base colour, as those do that are of no known kind.
    return undefined
  }
}

const wrappings: Readonly<Record<number, Wrapping>> = { 33071: ClampToEdgeWrapping, 33648: MirroredRepeatWrapping }

/** For the GLTF loader: pictures of base colours as plain data, all others not even decoded. */
export function pictureLoader(parser: GLTFParser, decode: DecodePicture) {
  const json: unknown = parser.json
  const wanted = new Set(
    list(json, 'materials').map((m) =>
      index(field(field(field(m, 'pbrMetallicRoughness'), 'baseColorTexture'), 'index')),
    ),
  )
  return {
    name: 'pictures',
    loadTexture: async (at: number): Promise<Texture> => {
      const texture = new Texture()
      if (!wanted.has(at)) return texture
      const named = list(json, 'textures')[at]
      const bytes = await bytesOf(parser, list(json, 'images')[index(field(named, 'source'))])
      const picture = bytes && (await decode(bytes))
      if (!picture) return texture
      const sampler = list(json, 'samplers')[index(field(named, 'sampler'))]
      texture.image = picture
      texture.wrapS = wrappings[Number(field(sampler, 'wrapS'))] ?? RepeatWrapping
      texture.wrapT = wrappings[Number(field(sampler, 'wrapT'))] ?? RepeatWrapping
      return texture
    },
  }
}

async function bytesOf(parser: GLTFParser, image: unknown): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const view = field(image, 'bufferView')
  if (typeof view === 'number') {
    const buffer: unknown = await parser.getDependency('bufferView', view)
    return buffer instanceof ArrayBuffer ? new Uint8Array(buffer) : undefined
  }
  const base64 = /^data:[^,]*;base64,(.*)$/s.exec(String(field(image, 'uri') ?? ''))?.[1]
  try {
    return base64 === undefined ? undefined : Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
  } catch {
    return undefined
  }
}

function index(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) ? value : -1
}
