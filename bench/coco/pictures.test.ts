import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import jpeg from 'jpeg-js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { asStored, exifOrientation, turnedPicture } from './exif.ts'
import { readPicture } from './pictures.ts'

/** The note that phones write, after the start of the file. */
function withOrientation(file: Uint8Array, orientation: number, little = true): Uint8Array {
  const tiff = new DataView(new ArrayBuffer(26))
  tiff.setUint16(0, little ? 0x4949 : 0x4d4d)
  tiff.setUint16(2, 42, little)
  tiff.setUint32(4, 8, little)
  tiff.setUint16(8, 1, little)
  tiff.setUint16(10, 0x0112, little)
  tiff.setUint16(12, 3, little)
  tiff.setUint32(14, 1, little)
  tiff.setUint16(18, orientation, little)
  const note = [0xff, 0xe1, 0, 34, ...new TextEncoder().encode('Exif\0\0'), ...new Uint8Array(tiff.buffer)]
  return Uint8Array.from([...file.subarray(0, 2), ...note, ...file.subarray(2)])
}

/** 32 × 16 pixels; one corner is white. */
function corner(whiteRight: boolean): Uint8Array {
  const data = Uint8Array.from({ length: 32 * 16 * 4 }, (_, i) => {
    const x = Math.floor(i / 4) % 32
    const y = Math.floor(i / 128)
    return x >= 16 === whiteRight && y < 8 ? 255 : 0
  })
  return jpeg.encode({ width: 32, height: 16, data }, 95).data
}

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parkloop-pictures-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function kept(bytes: Uint8Array): Promise<string> {
  const path = join(folder, 'a.jpg')
  await writeFile(path, bytes)
  return path
}

describe('a picture of a dataset', () => {
  it('is turned as its EXIF note asks', async () => {
    // 6: to be turned clockwise, so that the top left corner comes to the top right.
    for (const little of [true, false]) {
      const picture = await readPicture(await kept(withOrientation(corner(false), 6, little)), 'jpeg-js')
      expect([picture.width, picture.height]).toEqual([16, 32])
      const red = (x: number, y: number) => new Uint8Array(picture.rgba)[4 * (y * 16 + x)] as number
      expect([red(12, 4), red(4, 4), red(4, 28)].map((value) => value > 128)).toEqual([true, false, false])
    }
  })

  it('stays as it is stored where the annotations state that size', async () => {
    const path = await kept(withOrientation(corner(false), 6))
    expect(await readPicture(path, 'jpeg-js', { width: 32, height: 16 })).toMatchObject({ width: 32, height: 16 })
    expect(await readPicture(path, 'jpeg-js', { width: 16, height: 32 })).toMatchObject({ width: 16, height: 32 })
  })

  it('is refused where the annotations state another size: their boxes would lie elsewhere', async () => {
    const path = await kept(corner(true))
    await expect(readPicture(path, 'jpeg-js', { width: 64, height: 32 })).rejects.toThrow(
      `${path}: it is 32 × 16, the annotations say 64 × 32`,
    )
    expect(await readPicture(path, 'jpeg-js', { width: null, height: 0 })).toMatchObject({ width: 32 })
  })
})

describe('an orientation', () => {
  // Of the picture  1 2 3 / 4 5 6.
  it.each([
    [1, [1, 2, 3, 4, 5, 6]],
    [2, [3, 2, 1, 6, 5, 4]],
    [3, [6, 5, 4, 3, 2, 1]],
    [4, [4, 5, 6, 1, 2, 3]],
    [5, [1, 4, 2, 5, 3, 6]],
    [6, [4, 1, 5, 2, 6, 3]],
    [7, [6, 3, 5, 2, 4, 1]],
    [8, [3, 6, 2, 5, 1, 4]],
  ])('of %i turns the pixels', (orientation, pixels) => {
    const turned = turnedPicture({ width: 3, height: 2, rgba: Uint32Array.of(1, 2, 3, 4, 5, 6).buffer }, orientation)
    expect([...new Uint32Array(turned.rgba)]).toEqual(pixels)
    expect(turned.width).toBe(orientation < 5 ? 3 : 2)
  })

  it('may be taken out, and nothing else with it', () => {
    for (const little of [true, false]) {
      const noted = withOrientation(corner(true), 6, little)
      expect(asStored(new Uint8Array(noted))).toEqual(withOrientation(corner(true), 1, little))
    }
    expect(asStored(new Uint8Array(corner(true)))).toEqual(new Uint8Array(corner(true)))
  })

  it('is 1 where nothing, nonsense or half a note is written', () => {
    const noted = withOrientation(corner(true), 6)
    expect(exifOrientation(corner(true))).toBe(1)
    expect(exifOrientation(withOrientation(corner(true), 77))).toBe(1)
    expect(exifOrientation(Uint8Array.of(0x89, 0x50))).toBe(1)
    for (let length = 0; length < 32; length++) expect(exifOrientation(noted.subarray(0, length))).toBe(1)
  })
})
