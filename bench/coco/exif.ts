/** Which way up a JPEG is to be shown (Exif 2.32, tag 0x0112). */
import type { Picture } from '../../src/infer/detector-input.ts'

/** 1…8; 1, as it lies, where nothing is noted. */
export function exifOrientation(jpeg: Uint8Array): number {
  const value = findNote(jpeg)?.value ?? 1
  return value >= 1 && value <= 8 ? value : 1
}

/** The same file, to be shown as it lies: browsers offer no other way to see it so. */
export function asStored(jpeg: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const note = findNote(jpeg)
  if (!note) return jpeg
  const file = jpeg.slice()
  new DataView(file.buffer).setUint16(note.at, 1, note.little)
  return file
}

interface Note {
  readonly value: number
  /** Where it stands in the file, in which order of bytes. */
  readonly at: number
  readonly little: boolean
}

function findNote(jpeg: Uint8Array): Note | undefined {
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength)
  try {
    if (view.getUint16(0) !== 0xffd8) return undefined
    for (let at = 2; view.getUint8(at) === 0xff; at += 2 + view.getUint16(at + 2)) {
      const isExif = view.getUint8(at + 1) === 0xe1 && view.getUint32(at + 4) === 0x45786966
      if (isExif) return orientationTag(view, at + 10)
    }
  } catch (error) {
    // The file ends before the note does.
    if (!(error instanceof RangeError)) throw error
  }
  return undefined
}

/** Of the first directory of the TIFF block at `start`. */
function orientationTag(view: DataView, start: number): Note | undefined {
  const little = view.getUint16(start) === 0x4949
  const directory = start + view.getUint32(start + 4, little)
  const entries = view.getUint16(directory, little)
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + 12 * i
    if (view.getUint16(entry, little) !== 0x0112) continue
    return { value: view.getUint16(entry + 8, little), at: entry + 8, little }
  }
  return undefined
}

/** The picture as it is to be shown. */
export function turnedPicture(picture: Picture, orientation: number): Picture {
  if (orientation === 1) return picture
  const from = new Uint32Array(picture.rgba)
  const [lyingWidth, lyingHeight] = [picture.width, picture.height]
  // 5…8 exchange rows and columns; then, of the stored picture, these are read backwards.
  const exchanged = orientation >= 5
  const columnsBack = [2, 3, 7, 8].includes(orientation)
  const rowsBack = [3, 4, 6, 7].includes(orientation)
  const [width, height] = exchanged ? [lyingHeight, lyingWidth] : [lyingWidth, lyingHeight]
  const pixels = new Uint32Array(width * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [column, row] = exchanged ? [y, x] : [x, y]
      const fromColumn = columnsBack ? lyingWidth - 1 - column : column
      const fromRow = rowsBack ? lyingHeight - 1 - row : row
      pixels[y * width + x] = from[fromRow * lyingWidth + fromColumn] as number
    }
  return { width, height, rgba: pixels.buffer }
}
