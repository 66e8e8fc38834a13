import { describe, expect, it } from 'vitest'
import type { CocoTruth } from './annotations.ts'
import { type CocoDetection, evaluateCoco } from './evaluate.ts'

type Bbox = [number, number, number, number]

function truth(boxes: { at?: number; bbox: Bbox; category?: number; crowd?: boolean; area?: number }[]): CocoTruth {
  return {
    images: [1, 2].map((id) => ({ id, file_name: `${id}.jpg` })),
    categories: [
      { id: 7, name: 'person' },
      { id: 9, name: 'car' },
    ],
    annotations: boxes.map(({ at = 1, bbox, category = 7, crowd = false, area = bbox[2] * bbox[3] }) => ({
      image_id: at,
      category_id: category,
      bbox,
      area,
      iscrowd: crowd ? 1 : 0,
    })),
  }
}

const found = (score: number, bbox: Bbox, imageId = 1, categoryId = 7): CocoDetection => ({
  imageId,
  categoryId,
  score,
  bbox,
})

const box: Bbox = [0, 0, 100, 100]

describe('average precision by COCO’s rules', () => {
  it('is 1 for the truth itself and 0 for nothing; categories without truth do not count', () => {
    expect(evaluateCoco(truth([{ bbox: box }]), [found(0.3, box)])).toMatchObject({ ap: 1, ap50: 1, apLarge: 1 })
    expect(evaluateCoco(truth([{ bbox: box }]), [])).toMatchObject({ ap: 0, perClass: { person: { ap: 0 } } })
    expect(evaluateCoco(truth([{ bbox: box }]), [found(0.3, box), found(0.9, box, 1, 9)]).ap).toBe(1)
  })

  it('asks for each overlap in turn', () => {
    // 100 × 100 against 100 × 72: overlap 0.72, right at .50 … .70, five of ten.
    const scores = evaluateCoco(truth([{ bbox: box }]), [found(0.9, [0, 0, 100, 72])])
    expect(scores.ap).toBeCloseTo(0.5)
    expect(scores).toMatchObject({ ap50: 1, ap75: 0 })
  })

  it('samples the falling precision at 101 recalls', () => {
    // right, wrong, right of two wanted: precision 1 up to recall .5 (51 points), 2/3 beyond (50 points).
    const boxes = truth([{ bbox: box }, { bbox: [200, 0, 100, 100] }])
    const scores = evaluateCoco(boxes, [
      found(0.9, box),
      found(0.8, [400, 0, 100, 100]),
      found(0.7, [200, 0, 100, 100]),
    ])
    expect(scores.ap).toBeCloseTo((51 + (50 * 2) / 3) / 101, 10)
  })

  it('counts a second detection of one box as wrong', () => {
    const boxes = truth([{ bbox: box }, { at: 2, bbox: box }])
    const scores = evaluateCoco(boxes, [found(0.9, box), found(0.8, box), found(0.7, box, 2)])
    expect(scores.ap).toBeCloseTo((51 + (50 * 2) / 3) / 101, 10)
  })

  it('neither rewards nor punishes what lies in a crowd, however many', () => {
    const boxes = truth([{ bbox: box }, { bbox: [200, 0, 300, 100], crowd: true }])
    const crowd = [0.95, 0.94, 0.93].map((score, i) => found(score, [210 + 60 * i, 10, 40, 80]))
    expect(evaluateCoco(boxes, [...crowd, found(0.5, box)]).ap).toBe(1)
  })

  it('judges each size by the segment’s area and ignores the others', () => {
    const small: Bbox = [300, 0, 20, 20]
    const boxes = truth([{ bbox: box, area: 5000 }, { bbox: small }])
    const scores = evaluateCoco(boxes, [found(0.9, box), found(0.8, [500, 0, 200, 200])])
    expect(scores).toMatchObject({ apSmall: 0, apMedium: 1 })
    expect(scores.apLarge).toBeNaN()
  })

  it('takes at most a hundred detections of a picture and category', () => {
    const wrong = Array.from({ length: 100 }, (_, i) => found(0.9 - i / 1000, [1000 + i * 20, 0, 10, 10]))
    expect(evaluateCoco(truth([{ bbox: box }]), [...wrong, found(0.1, box)]).ap).toBe(0)
  })

  it('prefers a box that counts to one that does not', () => {
    // The crowd overlaps fully, the person only by 0.8: the detection is the person's.
    const boxes = truth([{ bbox: [0, 0, 100, 100], crowd: true }, { bbox: [0, 0, 100, 80] }])
    expect(evaluateCoco(boxes, [found(0.9, box)]).ap50).toBe(1)
  })

  it('averages over categories', () => {
    const boxes = truth([{ bbox: box }, { bbox: box, category: 9 }])
    const scores = evaluateCoco(boxes, [found(0.9, box)])
    expect(scores.ap).toBe(0.5)
    expect(scores.perClass).toEqual({ person: { ap: 1, ap50: 1 }, car: { ap: 0, ap50: 0 } })
  })
})
