/** Pictures of a dataset as RGBA. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import jpeg from 'jpeg-js'
import type { Picture } from '../../src/infer/detector-input.ts'
import { Refusal } from '../refusal.ts'
import { exifOrientation, turnedPicture } from './exif.ts'
import { ofStatedSize, type StatedSize } from './stated-size.ts'

export type PictureDecoder = 'jpeg-js' | 'ffmpeg'

const mostPixels = 64_000_000
/** What jpeg-js asks for: coefficients, samples and bytes of up to four components, and RGBA. */
const jpegBytesPerPixel = 30

/**
 * JPEG in plain TypeScript, anything else and what that cannot read by ffmpeg; turned as its EXIF note asks, unless
 * `stated` is the size only of what is stored. Throws a `Refusal` with the path where it cannot be read, or where it is of
 * another size than stated.
 */
export async function readPicture(path: string, decoder: PictureDecoder, stated: StatedSize = {}): Promise<Picture> {
  try {
    const bytes = await readFile(path)
    const isJpeg = bytes[0] === 0xff && bytes[1] === 0xd8
    const stored =
      (isJpeg && decoder === 'jpeg-js' ? byJpegJs(bytes) : undefined) ??
      (await decodeByFfmpeg(['-noautorotate', '-i', path]))
    const orientation = exifOrientation(bytes)
    return await ofStatedSize(
      stated,
      async () => turnedPicture(stored, orientation),
      async () => stored,
    )
  } catch (error) {
    throw new Refusal(`${path}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Undefined where it is of a kind that jpeg-js cannot read. */
function byJpegJs(bytes: Buffer): Picture | undefined {
  const limits = { maxResolutionInMP: mostPixels / 1e6, maxMemoryUsageInMB: (mostPixels * jpegBytesPerPixel) / 1e6 }
  try {
    const { width, height, data } = jpeg.decode(bytes, { useTArray: true, ...limits })
    return { width, height, rgba: new Uint8Array(data).buffer }
  } catch {
    return undefined
  }
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
