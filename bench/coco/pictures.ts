/** Pictures of a dataset as RGBA. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import jpeg from 'jpeg-js'
import type { Picture } from '../../src/infer/detector-input.ts'

export type PictureDecoder = 'jpeg-js' | 'ffmpeg'

const mostPixels = 64_000_000

/** JPEG in plain TypeScript, or whatever ffmpeg reads. Throws with the path where it cannot be read. */
export async function readPicture(path: string, decoder: PictureDecoder): Promise<Picture> {
  try {
    return decoder === 'ffmpeg' ? await byFfmpeg(path) : byJpegJs(await readFile(path))
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function byJpegJs(bytes: Buffer): Picture {
  const { width, height, data } = jpeg.decode(bytes, { useTArray: true, maxResolutionInMP: mostPixels / 1e6 })
  return { width, height, rgba: new Uint8Array(data).buffer }
}

/** As a portable arbitrary map: a short header of text, then RGBA. */
async function byFfmpeg(path: string): Promise<Picture> {
  const args = [
    '-v',
    'error',
    '-i',
    path,
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
  const { stdout } = await run('ffmpeg', args, { encoding: 'buffer', maxBuffer: 4 * mostPixels + 1000 })
  const end = stdout.indexOf('ENDHDR\n')
  const header = stdout.subarray(0, end).toString()
  const width = Number(/WIDTH (\d+)/.exec(header)?.[1])
  const height = Number(/HEIGHT (\d+)/.exec(header)?.[1])
  const rgba = new Uint8Array(stdout.subarray(end + 7))
  if (end < 0 || rgba.byteLength !== width * height * 4) throw new Error('ffmpeg gave no picture')
  return { width, height, rgba: rgba.buffer }
}
