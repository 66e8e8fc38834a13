import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { evalDetect } from './eval-detect.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parkloop-detect-'))
  const images = ['here.jpg', 'sub/gone.jpg', 'gone too.jpg'].map((file_name, id) => ({ id, file_name }))
  await writeFile(join(folder, 'truth.json'), JSON.stringify({ images, annotations: [], categories: [] }))
  await mkdir(join(folder, 'images'))
  await writeFile(join(folder, 'images', 'here.jpg'), '')
})
afterEach(() => rm(folder, { recursive: true }))

const asked = (...flags: string[]) =>
  evalDetect(['--coco', join(folder, 'truth.json'), '--images', join(folder, 'images'), ...flags])

describe('eval detect', () => {
  it('tells which pictures are not there before it looks at any', async () => {
    await expect(asked()).rejects.toThrow(/2 of 3 pictures are not there, such as sub\/gone.jpg$/)
  })

  it.each([
    ['--limit', 'many'],
    ['--floor', '2'],
    ['--nms', ''],
    ['--expect-ap50', 'NaN'],
    ['--decoder', 'gimp'],
    ['--engine', 'gpu'],
  ])('refuses %s “%s”', async (flag, value) => {
    await expect(asked(flag, value)).rejects.toThrow(`${flag} ${value}: `)
  })
})
