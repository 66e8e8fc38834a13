import { describe, expect, it } from 'vitest'
import type { BoxInImage } from '../contract/perception.ts'
import { createRandom } from '../platform/random.ts'
import { learnScale, scaleEvidence, unknownScale } from './tracker-scale.ts'

/** A person at this foot line, with the horizon at 60: half as tall as the feet are below it. */
const standing = (footY: number, share = 1): BoxInImage => {
  const height = 0.5 * (footY - 60) * share
  return { x: 100, y: footY - height, width: height / 2.5, height }
}

function learned(count: number, outlierShare: number) {
  const random = createRandom(7)
  let scale = unknownScale
  for (let i = 0; i < count; i++) {
    const wrong = random.next() < outlierShare
    scale = learnScale(scale, [
      standing(random.between(120, 400), wrong ? random.between(0.3, 3) : random.between(0.92, 1.08)),
    ])
  }
  return scale
}

describe('how tall people look where they stand', () => {
  it('is unknown until enough of them walked by', () => {
    expect(scaleEvidence(learned(20, 0), standing(300))).toBe(0)
    expect(scaleEvidence(learned(60, 0), standing(300))).toBeGreaterThan(0.4)
  })

  it('speaks against what is far too tall or too short, and never without bound', () => {
    const scale = learned(80, 0)
    expect(scaleEvidence(scale, standing(250, 2))).toBe(-2)
    expect(scaleEvidence(scale, standing(250, 0.5))).toBe(-2)
    expect(scaleEvidence(scale, standing(250, 1.1))).toBeGreaterThan(0)
  })

  it('is not misled by a third of wrong heights', () => {
    const scale = learned(150, 0.33)
    expect(scaleEvidence(scale, standing(150))).toBeGreaterThan(0.3)
    expect(scaleEvidence(scale, standing(380))).toBeGreaterThan(0.3)
  })

  it('says nothing where heights do not follow the feet', () => {
    const random = createRandom(3)
    let scale = unknownScale
    for (let i = 0; i < 100; i++) {
      const height = Math.exp(random.between(2, 6))
      scale = learnScale(scale, [{ x: 0, y: random.between(0, 400), width: height / 2, height }])
    }
    expect(scaleEvidence(scale, standing(300))).toBe(0)
  })

  it('forgets an old view when the camera was turned', () => {
    let scale = learned(200, 0)
    const random = createRandom(5)
    for (let i = 0; i < 200; i++) scale = learnScale(scale, [standing(random.between(120, 400), 1.8)])
    expect(scaleEvidence(scale, standing(300, 1.8))).toBeGreaterThan(0.3)
  })
})
