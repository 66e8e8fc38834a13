import { ClampToEdgeWrapping, DataTexture, LinearFilter, RedFormat, RGBAFormat, UnsignedByteType } from 'three'
import { type RampName, rampRow, rampTexels } from './ramps.ts'

export function rampTexture(name: RampName): DataTexture {
  const texture = new DataTexture(rampRow(name), rampTexels, 1, RGBAFormat, UnsignedByteType)
  return smooth(texture)
}

export function writeRamp(texture: DataTexture, name: RampName): void {
  texture.image.data?.set(rampRow(name))
  texture.needsUpdate = true
}

export function bytesTexture(columns: number, rows: number, bytes: Uint8Array, channels: 1 | 4): DataTexture {
  const texture = new DataTexture(bytes, columns, rows, channels === 1 ? RedFormat : RGBAFormat, UnsignedByteType)
  // Rows of single bytes are not padded to four.
  texture.unpackAlignment = 1
  return smooth(texture)
}

function smooth(texture: DataTexture): DataTexture {
  texture.magFilter = LinearFilter
  texture.minFilter = LinearFilter
  texture.wrapS = ClampToEdgeWrapping
  texture.wrapT = ClampToEdgeWrapping
  texture.needsUpdate = true
  return texture
}
