/** Size of an encoded picture from its head, so that a bomb is refused before it is decoded. */

export interface PictureSize {
  readonly width: number
  readonly height: number
}

/** Undefined when it is neither a JPEG nor a PNG, or its head is broken. */
export function pictureSize(bytes: Uint8Array): PictureSize | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return jpegSize(bytes)
  if (bytes[0] === 0x89 && bytes[1] === 0x50 && bytes[2] === 0x4e && bytes[3] === 0x47) return pngSize(bytes)
  return undefined
}

/** Walks the marker segments to the frame header (ITU-T T.81 B.2.2): SOF0…SOF15 without DHT, JPG and DAC. */
function jpegSize(bytes: Uint8Array): PictureSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 2
  while (at + 9 <= bytes.byteLength) {
    if (bytes[at] !== 0xff) return undefined
    const marker = bytes[at + 1] as number
    if (marker === 0xff) {
      at++
      continue
    }
    const frame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
    if (frame) return known(view.getUint16(at + 7), view.getUint16(at + 5))
    // Start of scan or end of image: the frame header would have come before.
    if (marker === 0xda || marker === 0xd9) return undefined
    const length = view.getUint16(at + 2)
    if (length < 2) return undefined
    at += 2 + length
  }
  return undefined
}

function pngSize(bytes: Uint8Array): PictureSize | undefined {
  if (bytes.byteLength < 24) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return known(view.getUint32(16), view.getUint32(20))
}

function known(width: number, height: number): PictureSize | undefined {
  return width > 0 && height > 0 ? { width, height } : undefined
}

/** Largest picture that is decoded at all: 8K UHD. */
export const maxPicturePixels = 7680 * 4320

/** How large a picture becomes: as it is, or shrunk in shape to fit the lens that the model and calibration speak of. */
export function fitWithin({ width, height }: PictureSize, most: PictureSize): PictureSize {
  const scale = Math.min(1, most.width / width, most.height / height)
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}
