import { describe, expect, it } from 'vitest'
import { Redraw } from './redraw.ts'

describe('redraw', () => {
  it('counts one frame for each reason it was drawn for, however often that was given', () => {
    let asked = 0
    const redraw = new Redraw(() => asked++)
    redraw.invalidate('lights')
    redraw.invalidate('lights')
    redraw.invalidate('sun')
    expect([...redraw.drawn()]).toEqual(['lights', 'sun'])
    expect(redraw.counts.get('lights')).toBe(1)
    expect(redraw.framesTotal).toBe(1)
    expect(asked).toBe(3)
  })

  it('draws the next frame for its own reasons only', () => {
    const redraw = new Redraw(() => {})
    redraw.invalidate('start')
    redraw.drawn()
    redraw.invalidate('view')
    expect([...redraw.drawn()]).toEqual(['view'])
  })
})
