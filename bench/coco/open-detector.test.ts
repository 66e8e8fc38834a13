import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { testManifest } from '../../src/infer/detector.fixture.ts'
import { tinyDetector } from '../../src/testing/tiny-onnx.ts'
import { openDetectorModel, unsparing } from './open-detector.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parkloop-model-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('a detector to be judged', () => {
  it('may be a folder with one .onnx and names of classes, whatever the file is called', async () => {
    const file = join(folder, 'my net (1).ONNX')
    await writeFile(file, tinyDetector([[4, 4, 12, 12, 0.9, 0]]))
    await writeFile(join(folder, 'classes.txt'), 'fox\nowl\nhare\n')
    const fromFolder = await openDetectorModel(folder)
    expect(fromFolder.model.manifest).toMatchObject({ name: 'my net (1)', classes: ['fox', 'owl', 'hare'] })
    expect(fromFolder.notes).toContain('class names of classes.txt')
    expect(await openDetectorModel(file)).toEqual(fromFolder)
  })

  it('is asked for where there are several, or none', async () => {
    await expect(openDetectorModel(folder)).rejects.toThrow('there is no model.json and no .onnx')
    for (const name of ['b.onnx', 'a.onnx']) await writeFile(join(folder, name), '')
    await expect(openDetectorModel(folder)).rejects.toThrow('which file is it, a.onnx, b.onnx?')
  })

  it('is as large as it likes', async () => {
    const manifest = { ...testManifest({}), bytes: 500_000_000 }
    await writeFile(join(folder, 'model.json'), JSON.stringify(manifest))
    await writeFile(join(folder, manifest.file), '')
    await expect(openDetectorModel(folder)).rejects.toThrow('0 bytes, model.json says 500000000')
  })
})

describe('what counts for average precision', () => {
  const settled = (
    output: Record<string, unknown>,
    asked: { nmsIou?: number; multiLabel?: boolean } = {},
    notes = [''],
  ) => {
    const model = { manifest: testManifest(output), weights: new Uint8Array() }
    const { nmsIou, multiLabel, maxDetections } = unsparing({ model, notes }, { scoreFloor: 0.001, ...asked }).manifest
      .output
    return { nmsIou, multiLabel, maxDetections }
  }
  const boxes = { layout: 'detr', boxes: 'boxes', scores: 'scores' }

  it.each([
    ['yolov5', { layout: 'yolov5' }, [0.6, true, 1000]],
    ['yolov8', { layout: 'yolov8' }, [0.7, true, 1000]],
    ['NanoDet', { layout: 'gfl' }, [0.6, true, 1000]],
    ['YOLOX', { layout: 'yolox-grid' }, [0.45, false, 1000]],
    ['decoded rows', { layout: 'decoded' }, [0.45, false, 1000]],
    ['end-to-end', { layout: 'end-to-end' }, [null, false, 1000]],
    ['RT-DETR', boxes, [null, true, 300]],
    ['SSD', { ...boxes, nothing: 'first', nmsIou: 0.45 }, [0.45, true, 300]],
    ['DETR', { ...boxes, activation: 'softmax' }, [null, false, 1000]],
    ['labelled boxes', { ...boxes, labels: 'labels' }, [null, false, 1000]],
  ])('is of %s what its own evaluation counts', (_, output, [nmsIou, multiLabel, maxDetections]) => {
    expect(settled(output)).toEqual({ nmsIou, multiLabel, maxDetections })
  })

  it('is what was asked for, and a model.json’s own overlap', () => {
    expect(settled({ layout: 'yolov8' }, { nmsIou: 0.5, multiLabel: false })).toMatchObject({
      nmsIou: 0.5,
      multiLabel: false,
    })
    expect(settled({ layout: 'yolox-grid' }, { multiLabel: true })).toMatchObject({ multiLabel: true })
    expect(settled({ layout: 'yolov8', nmsIou: 0.55 }, {}, [])).toMatchObject({ nmsIou: 0.55, multiLabel: true })
    expect(() => settled({ layout: 'end-to-end' }, { multiLabel: true })).toThrow('one class each')
  })
})
