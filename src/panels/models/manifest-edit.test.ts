import { describe, expect, it } from 'vitest'
import { quickFields, withQuickFields } from './manifest-edit.ts'

const text = JSON.stringify({
  name: 'foreign',
  input: {
    name: 'images',
    channelOrder: 'BGR',
    scale: 1,
    mean: [0, 0, 0],
    std: [1, 1, 1],
    letterbox: { fill: 114, align: 'topLeft' },
  },
  output: { layout: 'yolox-grid', name: 'out', strides: [8, 16, 32] },
  classMap: { bus: 'truck', dog: null },
})

describe('quick fields of a description', () => {
  it('are read from the text', () => {
    expect(quickFields(text)).toEqual({
      layout: 'yolox-grid',
      channelOrder: 'BGR',
      scaling: 'bytes',
      fitting: 'topLeft',
      boxUnit: 'input',
      classMap: 'bus = truck\ndog =',
    })
    expect(quickFields('{')).toBeUndefined()
  })

  it('are written back and leave the rest alone', () => {
    const changed = withQuickFields(text, {
      layout: 'decoded',
      scaling: 'imageNet',
      fitting: 'stretch',
      classMap: 'van = car\n\n',
    })
    expect(quickFields(changed)).toMatchObject({ layout: 'decoded', scaling: 'imageNet', fitting: 'stretch' })
    expect(JSON.parse(changed)).toMatchObject({
      name: 'foreign',
      classMap: { van: 'car' },
      input: { name: 'images', channelOrder: 'BGR', letterbox: null },
      output: { name: 'out', strides: [8, 16, 32] },
    })
    expect(withQuickFields('{', { layout: 'decoded' })).toBe('{')
  })

  it('take along no suppression of the layout before', () => {
    const own = JSON.stringify({ output: { layout: 'end-to-end', name: 'out', nmsIou: null, scoreFloor: 0.2 } })
    expect(JSON.parse(withQuickFields(own, { layout: 'yolov8' })).output).toEqual({
      layout: 'yolov8',
      name: 'out',
      scoreFloor: 0.2,
    })
    expect(JSON.parse(withQuickFields(own, { boxUnit: 'normalised' })).output.nmsIou).toBeNull()
  })
})
