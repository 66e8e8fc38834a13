import { describe, expect, it } from 'vitest'
import { LampLight, lampShare } from './lamp-light.ts'

const board = { west: -50, east: 50, south: -30, north: 30 }

describe('the light of lamps', () => {
  it('is full right below, fades outwards and ends', () => {
    expect(lampShare(0, 7)).toBe(1)
    expect(lampShare(7, 7)).toBeLessThan(0.4)
    expect(lampShare(7, 7)).toBeGreaterThan(lampShare(14, 7))
    expect(lampShare(24, 7)).toBe(0)
  })

  it('falls round each lamp by its level, and adds up between two', () => {
    const light = new LampLight(board)
    light.write([[-10, 0, 7]], [1])
    const alone = light.at(0, 0)
    expect(light.at(-10, 0)).toBeCloseTo(1, 1)
    light.write([[-10, 0, 7]], [0.5])
    expect(light.at(0, 0)).toBeCloseTo(alone / 2)
    light.write([[-10, 0, 7], [10, 0, 7]], [1, 1]) // biome-ignore format: two lamps
    expect(light.at(0, 0)).toBeCloseTo(alone * 2, 1)
  })

  it('is dark where lamps report nothing, beside the board and out of reach', () => {
    const light = new LampLight(board)
    light.write([[-40, -20, 7]], [0])
    expect(light.at(-40, -20)).toBe(0)
    light.write([[-40, -20, 7]], [1])
    expect(light.at(40, 20)).toBe(0)
    expect(light.at(-60, -20)).toBe(0)
  })
})
