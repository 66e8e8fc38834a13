import { describe, expect, it } from 'vitest'
import { PoseTeller } from './pose-teller.ts'

function teller() {
  const told = { times: 0 }
  return { told, teller: new PoseTeller(() => told.times++) }
}

describe('where the eye is', () => {
  it('is told at once, and then ten times a second however many frames are drawn', () => {
    const { told, teller: eye } = teller()
    for (let frame = 0; frame < 60; frame++) {
      eye.moved()
      eye.frame(1000 / 60, false)
      if (frame === 0) expect(told.times).toBe(1)
    }
    expect(told.times).toBeGreaterThanOrEqual(9)
    expect(told.times).toBeLessThanOrEqual(11)
  })

  it('is told once more where the eye comes to rest, and then no more', () => {
    const { told, teller: eye } = teller()
    eye.moved()
    eye.frame(16, false)
    eye.moved()
    eye.frame(16, false)
    expect(told.times).toBe(1)
    for (let frame = 0; frame < 30; frame++) eye.frame(16, true)
    expect(told.times).toBe(2)
  })
})
