import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import jpeg from 'jpeg-js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { tinyDetector } from '../src/testing/tiny-onnx.ts'
import { evalDetect } from './eval-detect.ts'

const names = ['here.jpg', 'sub/gone.jpg', 'torn.jpg', 'small.jpg', 'gone too.jpg', 'last.jpg']
const picture = (side: number) =>
  jpeg.encode({ width: side, height: side, data: new Uint8Array(4 * side * side).fill(99) }, 90).data

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parkloop-detect-'))
  const images = names.map((file_name, id) => ({ id, file_name, width: 32, height: 32 }))
  const annotations = images.map(({ id }) => ({ image_id: id, category_id: 1, bbox: [4, 4, 16, 16] }))
  const categories = [{ id: 1, name: 'person' }]
  await writeFile(join(folder, 'truth.json'), JSON.stringify({ images, annotations, categories }))
  await mkdir(join(folder, 'images'))
  await writeFile(join(folder, 'images', 'here.jpg'), picture(32))
  await writeFile(join(folder, 'images', 'torn.jpg'), '<!doctype html>')
  await writeFile(join(folder, 'images', 'small.jpg'), picture(16))
  await writeFile(join(folder, 'images', 'last.jpg'), picture(32))
  await writeFile(join(folder, 'one.onnx'), tinyDetector([[4, 4, 20, 20, 0.9, 0]]))
  await writeFile(join(folder, 'classes.txt'), 'person\ncar\ndog\n')
})
afterEach(() => rm(folder, { recursive: true }))

const asked = (...flags: string[]) =>
  evalDetect(['--coco', join(folder, 'truth.json'), '--images', join(folder, 'images'), '--model', folder, ...flags])

describe('eval detect', () => {
  it('judges the pictures that are there and can be read, and counts the others', async () => {
    expect(await asked()).toMatchObject({ pass: true, images: 2, missing: 2, unreadable: 2, ap: 100 })
    expect(await asked('--limit', '1')).toMatchObject({ images: 1, missing: 2, unreadable: 0, ap: 100 })
  })

  it('refuses where none is left', async () => {
    for (const name of ['here.jpg', 'last.jpg']) await rm(join(folder, 'images', name))
    await expect(asked()).rejects.toThrow(/2 of 2 pictures cannot be read: .*torn.jpg: .*small.jpg: it is 16 × 16, /)
    for (const name of ['torn.jpg', 'small.jpg']) await rm(join(folder, 'images', name))
    await expect(asked()).rejects.toThrow(/6 of 6 pictures are not there, such as here.jpg, sub\/gone.jpg, torn.jpg$/)
  })

  it('says how a model without names of its classes gets some', async () => {
    await rm(join(folder, 'classes.txt'))
    await writeFile(
      join(folder, 'one.onnx'),
      tinyDetector([[4, 4, 20, 20, 0.9, 0]], { metadata: { names: "['class-0', 'class-1']" } }),
    )
    await expect(asked()).rejects.toThrow(/class-0, class-1 …; .* classes.txt beside it$/)
  })

  it.each([
    ['--limit', 'many'],
    ['--floor', '2'],
    ['--nms', ''],
    ['--expect-ap50', 'NaN'],
    ['--decoder', 'gimp'],
    ['--multi-label', 'maybe'],
    ['--engine', 'gpu'],
  ])('refuses %s “%s”', async (flag, value) => {
    await expect(asked(flag, value)).rejects.toThrow(`${flag} ${value}: `)
  })
})
