import { expect, it } from 'vitest'
import type { Track } from '../../contract/perception.ts'
import { drawFrame } from './draw-frame.ts'

const track: Track = {
  id: 'cam:1',
  cameraId: 'cam',
  className: 'person',
  score: 0.79,
  box: { x: 40, y: 30, width: 8, height: 20 },
  firstSeenMs: 0,
  lastSeenMs: 0,
}

/** What is written and how boxes are lined, for one track that is so much older than the picture. */
function drawn(olderMs: number): { readonly label: string; readonly dashed: boolean } {
  let [label, dashed] = ['', false]
  const context = {
    drawImage() {},
    strokeRect() {},
    fillRect() {},
    measureText: () => ({ width: 40 }),
    setLineDash: (dashes: number[]) => {
      dashed = dashes.length > 0
    },
    fillText: (text: string) => {
      label = text
    },
  }
  const canvas = { width: 320, height: 192, getContext: () => context } as unknown as HTMLCanvasElement
  const bitmap = { width: 320, height: 192 } as ImageBitmap
  const look = { line: '#fff', alarm: '#f00', text: '#000', font: '10px x' }
  drawFrame(canvas, bitmap, [{ track, olderMs }], look, { className: (name) => name, ago: (ms) => `${ms} ms ago` })
  return { label, dashed }
}

it('tells a box that was seen in another picture, and how long ago', () => {
  expect(drawn(120)).toEqual({ label: 'person 79%', dashed: false })
  expect(drawn(1400)).toEqual({ label: 'person 79% · 1400 ms ago', dashed: true })
  expect(drawn(-900)).toEqual({ label: 'person 79%', dashed: true })
})
