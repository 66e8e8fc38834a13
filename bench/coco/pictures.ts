/** Pictures of a dataset as RGBA. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import jpeg from 'jpeg-js'
import type { Picture } from '../../src/infer/detector-input.ts'
import { Refusal } from '../refusal.ts'
import { exifOrientation, turnedPicture } from './exif.ts'

export type PictureDecoder = 'jpeg-js' | 'ffmpeg'

const mostPixels = 64_000_000

interface Size {
  readonly width?: number | null | undefined
  readonly height?: number | null | undefined
}

/**
 * JPEG in plain TypeScript, anything else by ffmpeg; turned as its EXIF note asks, unless `stated` is the size only of
 * what is stored. Throws with the path where it cannot be read, or where it is of another size than stated.
 */
export async function readPicture(path: string, decoder: PictureDecoder, stated: Size = {}): Promise<Picture> {
  try {
    const bytes = await readFile(path)
    const isJpeg = bytes[0] === 0xff && bytes[1] === 0xd8
    const stored =
      decoder === 'ffmpeg' || !isJpeg ? await decodeByFfmpeg(['-noautorotate', '-i', path]) : byJpegJs(bytes)
    const turned = turnedPicture(stored, exifOrientation(bytes))
    const picture = isOfSize(turned, stated) ? turned : stored
    if (isOfSize(picture, stated)) return picture
    throw new Refusal(
      `it is ${picture.width} × ${picture.height}, the annotations say ${stated.width} × ${stated.height}`,
    )
  } catch (error) {
    throw new Refusal(`${path}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Sizes that nobody stated fit. */
function isOfSize(picture: Picture, { width, height }: Size): boolean {
  return !(width && height) || (picture.width === width && picture.height === height)
}

function byJpegJs(bytes: Buffer): Picture {
  const { width, height, data } = jpeg.decode(bytes, { useTArray: true, maxResolutionInMP: mostPixels / 1e6 })
  return { width, height, rgba: new Uint8Array(data).buffer }
}

/** The first picture of `input`, as a portable arbitrary map: a short header of text, then RGBA. */
export async function decodeByFfmpeg(input: readonly string[]): Promise<Picture> {
  const args = [
    '-v',
    'error',
    ...input,
    '-frames:v',
    '1',
    '-pix_fmt',
    'rgba',
    '-sws_flags',
    'bilinear+accurate_rnd+full_chroma_int',
    '-c:v',
    'pam',
    '-f',
    'image2pipe',
    '-',
  ]
  const run = promisify(execFile)
  const { stdout } = await run('ffmpeg', args, { encoding: 'buffer', maxBuffer: 4 * mostPixels + 1000 }).catch(
    (error: { readonly stderr?: Buffer; readonly message: string }) => {
      const said = error.stderr?.toString().trim().split('\n')[0]
      throw new Refusal(`ffmpeg: ${said || error.message}`)
    },
  )
  const end = stdout.indexOf('ENDHDR\n')
  const header = stdout.subarray(0, end).toString()
  const width = Number(/WIDTH (\d+)/.exec(header)?.[1])
  const height = Number(/HEIGHT (\d+)/.exec(header)?.[1])
  const rgba = new Uint8Array(stdout.subarray(end + 7))
  if (end < 0 || rgba.byteLength !== width * height * 4) throw new Error('ffmpeg gave no picture')
  return { width, height, rgba: rgba.buffer }
}
