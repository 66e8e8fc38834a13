import { describe, expect, it } from 'vitest'
import { addCorner, beginDraft, closeShape, type MaskDraft, pressKey, removeMask, undoCorner } from './mask-draft.ts'

const press = (draft: MaskDraft, ...keys: string[]) =>
  keys.reduce((now, key) => pressKey(now, key, key.startsWith('Arrow')) ?? now, draft)

describe('drawing a mask', () => {
  it('takes a shape of three corners and more, and no fewer', () => {
    const two = addCorner(addCorner(beginDraft([]), [0.1, 0.1]), [0.4, 0.1])
    expect(closeShape(two).masks).toEqual([])
    const three = closeShape(addCorner(two, [0.4, 0.5]))
    expect(three.masks).toEqual([
      [
        [0.1, 0.1],
        [0.4, 0.1],
        [0.4, 0.5],
      ],
    ])
    expect(three.corners).toEqual([])
    expect(removeMask(three, 0).masks).toEqual([])
  })

  it('works by keys alone', () => {
    const drawn = press(
      beginDraft([]),
      'Enter',
      'ArrowRight',
      'ArrowRight',
      'Enter',
      'ArrowDown',
      ' ',
      'ArrowLeft',
      'Enter',
      'Backspace',
    )
    expect(closeShape(drawn).masks).toEqual([
      [
        [0.5, 0.5],
        [0.6, 0.5],
        [0.6, 0.55],
      ],
    ])
    expect(pressKey(drawn, 'q', false)).toBeUndefined()
  })

  it('stays on the picture and within what a site file may hold', () => {
    expect(addCorner(beginDraft([]), [-0.3, 1.7]).corners).toEqual([[0, 1]])
    let many = beginDraft([])
    for (let i = 0; i < 40; i++) many = addCorner(many, [i / 100, 0])
    expect(many.corners).toHaveLength(32)
    const full = beginDraft(Array.from({ length: 16 }, () => [[0, 0] as const, [1, 0] as const, [1, 1] as const]))
    expect(addCorner(full, [0.5, 0.5]).corners).toEqual([])
    expect(undoCorner(full)).toEqual(full)
  })
})
