import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openFilm } from './film.ts'
import { readSequence } from './sequence.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parkloop-film-'))
  await mkdir(join(folder, 'gt'))
  await mkdir(join(folder, 'img1'))
  await writeFile(join(folder, 'gt', 'gt.txt'), '1,1,0,0,9,9,1\n4,1,0,0,9,9,1\n')
})
afterEach(() => rm(folder, { recursive: true }))

/** `count` pictures that turn from white to black, into one file or many. */
const make = (size: string, rate: number, count: number, file: string, ...more: string[]) =>
  promisify(execFile)('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', `color=black:s=${size}:r=${rate},fade=in:0:${count - 1}:color=white`],
    ...['-frames:v', `${count}`, ...more, join(folder, file)],
  ])

async function seen() {
  const film = await openFilm(await readSequence(folder))
  const sizes: string[] = []
  for await (const picture of film.frames()) sizes.push(picture ? `${picture.width}x${picture.height}` : 'none')
  return { framesPerS: film.framesPerS, sizes }
}

describe('what a sequence shows', () => {
  it.each([
    ['a.mp4', '96x54', 10],
    ['a.MOV', '54x96', 30],
    ['a.mkv', '65x47', 25],
    ['a.webm', '64x48', 12],
  ])('comes from %s of %s in its own size and rate, no more than is annotated', async (file, size, rate) => {
    await make(size, rate, 6, file, ...(size === '65x47' ? ['-pix_fmt', 'yuv444p'] : []))
    expect(await seen()).toEqual({ framesPerS: rate, sizes: [size, size, size, size] })
  })

  it('comes from pictures, scaled where seqinfo.ini says another size', async () => {
    await make('64x48', 25, 4, 'img1/frame_%04d.png')
    expect((await seen()).sizes).toEqual(Array(4).fill('64x48'))
    await writeFile(join(folder, 'seqinfo.ini'), '[Sequence]\nimWidth=128\nimHeight=96\n')
    expect((await seen()).sizes).toEqual(Array(4).fill('128x96'))
  })

  it('lacks what is missing or broken, and nothing else moves', async () => {
    await make('64x48', 25, 4, 'img1/50%%-%04d.png')
    await rm(join(folder, 'img1', '50%-0001.png'))
    await writeFile(join(folder, 'img1', '50%-0003.png'), '')
    const film = await openFilm(await readSequence(folder))
    const bright: (number | undefined)[] = []
    for await (const picture of film.frames()) bright.push(picture && new Uint8Array(picture.rgba)[0])
    expect(bright.map((value) => value !== undefined)).toEqual([false, true, false, true])
    // From white to black.
    expect(bright[3]).toBeLessThan(bright[1] as number)
    for (const number of [2, 4]) await writeFile(join(folder, 'img1', `50%-000${number}.png`), '')
    await expect(seen()).rejects.toThrow('ffmpeg')
  })

  it('ends with nothing where the film is shorter than what is annotated', async () => {
    await make('64x48', 25, 2, 'a.mp4')
    expect((await seen()).sizes).toEqual(['64x48', '64x48', 'none', 'none'])
  })

  it('is asked for where there is nothing, or more than one film', async () => {
    await expect(seen()).rejects.toThrow('no numbered pictures')
    await make('64x48', 25, 4, 'a.mp4')
    await make('64x48', 25, 4, 'b.mp4')
    await expect(seen()).rejects.toThrow('which film is it, a.mp4, b.mp4?')
  })
})
