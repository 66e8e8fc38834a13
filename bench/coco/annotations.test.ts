import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { type CocoTruth, categoriesOf, parseCocoTruth, readCocoTruth } from './annotations.ts'

const file = (change: Partial<Record<keyof CocoTruth, unknown>> = {}) =>
  JSON.stringify({
    images: [{ id: 1, file_name: 'a.jpg', width: 320, height: 200 }],
    annotations: [{ id: 5, image_id: 1, category_id: 90, bbox: [1, 2, 3, 4], area: 12, iscrowd: 0 }],
    categories: [{ id: 90, name: 'person', supercategory: null }],
    ...change,
  })

const truthOf = (text: string) => {
  const truth = parseCocoTruth(text)
  if (!truth.ok) throw new Error(truth.error)
  return truth.value
}

describe('annotations in COCO’s form', () => {
  it('are read with a byte order mark, with nothing known of area, crowd and segment, and with a crowd’s run lengths', () => {
    const bbox = [1, 2, 3, 4]
    const bare = { image_id: 1, category_id: 90, bbox, area: null, iscrowd: null, segmentation: null }
    const crowd = { image_id: 1, category_id: 90, bbox, iscrowd: 1, segmentation: { counts: [5, 7], size: [3, 4] } }
    const truth = truthOf(`\uFEFF${file({ annotations: [bare, crowd] })}`)
    expect(truth.annotations.map(({ area, iscrowd }) => [area, iscrowd])).toEqual([
      [null, null],
      [undefined, 1],
    ])
  })

  it('take a box from polygons where none is given, and say where there is neither', () => {
    const polygons = [
      [10, 20, 30, 20, 30, 60],
      [5, 30, 12, 30, 12, 40],
    ]
    const boxes = (annotation: object) =>
      parseCocoTruth(file({ annotations: [{ image_id: 1, category_id: 90, ...annotation }] }))
    for (const bbox of [{}, { bbox: null }, { bbox: [] }])
      expect(boxes({ ...bbox, segmentation: polygons, area: 7 })).toMatchObject({
        value: { annotations: [{ bbox: [5, 20, 25, 40], area: 7 }] },
      })
    for (const segmentation of [undefined, [], [[1, 2]], [[1, 2, 'x', 4, 5, 6]], { counts: [5, 7], size: [3, 4] }])
      expect(boxes({ segmentation })).toMatchObject({
        error: expect.stringContaining('has neither a bbox nor polygons'),
      })
    expect(boxes({ bbox: [1, 2, 3], segmentation: polygons })).toMatchObject({ error: expect.stringContaining('bbox') })
  })

  it('name pictures below the folder, with whatever slashes and dots', () => {
    const named = (file_name: string) => parseCocoTruth(file({ images: [{ id: 1, file_name }] }))
    for (const name of ['sub/deep dir/a ü..1.jpg', './a.jpg', 'sub\\deep dir\\a..jpg'])
      expect(named(name)).toMatchObject({ value: { images: [{ file_name: name.replaceAll('\\', '/') }] } })
    for (const name of ['../a.jpg', 'sub/../../a.jpg', 'sub\\..\\..\\a.jpg', '..', ''])
      expect(named(name)).toMatchObject({ error: expect.stringContaining('below the folder') })
  })

  it('count a picture that is listed twice once, and are refused where none is listed', () => {
    const image = { id: 1, file_name: 'a.jpg' }
    expect(truthOf(file({ images: [image, image] })).images).toHaveLength(1)
    expect(parseCocoTruth(file({ images: [] }))).toEqual({ ok: false, error: 'it lists no images' })
  })

  it('are refused where a folder is named', async () => {
    await expect(readCocoTruth(tmpdir())).rejects.toThrow('is a folder')
  })

  it('are refused by what is wrong with them', () => {
    expect(parseCocoTruth('<html>')).toMatchObject({ error: expect.stringContaining('no JSON') })
    expect(parseCocoTruth('[]')).toMatchObject({ error: expect.stringContaining('images') })
    const lame = [{ image_id: 1, category_id: 90, bbox: [1, 2] }]
    expect(parseCocoTruth(file({ annotations: lame }))).toMatchObject({ error: expect.stringContaining('0.bbox') })
  })
})

describe('categories of a model’s classes', () => {
  it('are found by name, whatever their numbers, order, case, spaces and underscores', () => {
    const names = ['Traffic_Light ', 'PERSON', ' pottedplant']
    const categories = names.map((name, i) => ({ id: [7, 90, -3][i], name }))
    const classes = ['person', 'potted plant', 'traffic light', 'dog']
    expect(categoriesOf(classes, truthOf(file({ categories })))).toEqual([90, -3, 7, undefined])
  })

  it('are those with boxes where two have the same name', () => {
    const categories = [
      { id: 0, name: 'person', supercategory: 'none' },
      { id: 90, name: 'person', supercategory: 'person' },
    ]
    expect(categoriesOf(['person'], truthOf(file({ categories })))).toEqual([90])
    expect(categoriesOf(['person'], truthOf(file({ categories: categories.reverse() })))).toEqual([90])
  })
})
