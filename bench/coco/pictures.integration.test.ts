import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readPicture } from './pictures.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parkloop-pictures-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('a picture that is no JPEG', () => {
  it.each(['png', 'webp', 'bmp', 'gif'])('is read where it is %s, by whatever name', async (ending) => {
    const path = join(folder, `a.${ending}`)
    const input = ['-f', 'lavfi', '-i', 'color=red:s=32x16', '-frames:v', '1']
    await promisify(execFile)('ffmpeg', ['-v', 'error', ...input, path])
    const picture = await readPicture(path, 'jpeg-js', { width: 32, height: 16 })
    expect(picture).toMatchObject({ width: 32, height: 16 })
    expect(new Uint8Array(picture.rgba)[0]).toBeGreaterThan(240)
  })

  it('is read where it is a JPEG of a kind that jpeg-js cannot read', async () => {
    const path = join(folder, 'lossless.jpg')
    const input = ['-f', 'lavfi', '-i', 'color=red:s=32x16', '-frames:v', '1']
    await promisify(execFile)('ffmpeg', ['-v', 'error', ...input, '-c:v', 'ljpeg', '-pix_fmt', 'bgr24', path])
    expect(new Uint8Array((await readPicture(path, 'jpeg-js')).rgba)[0]).toBeGreaterThan(240)
  })

  it('is refused by name where it is none at all', async () => {
    const path = join(folder, 'page.jpg')
    await writeFile(path, '<!doctype html>')
    await expect(readPicture(path, 'jpeg-js')).rejects.toThrow(`${path}: ffmpeg: `)
  })
})
