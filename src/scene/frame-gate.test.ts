import { describe, expect, it } from 'vitest'
import { FakeClock } from '../testing/fake-clock.ts'
import { FrameGate } from './frame-gate.ts'

function gateOver(state: { done: boolean; lost: boolean }) {
  const clock = new FakeClock(0)
  let frames = 0
  const gl = {
    SYNC_GPU_COMMANDS_COMPLETE: 1,
    SYNC_STATUS: 2,
    SIGNALED: 3,
    isContextLost: () => state.lost,
    fenceSync: () => ({}),
    flush: () => {},
    getSyncParameter: () => (state.done ? 3 : 4),
    deleteSync: () => {},
  }
  const gate = new FrameGate(gl as unknown as WebGL2RenderingContext, clock, () => frames++)
  return { gate, clock, frames: () => frames }
}

describe('the gate before frames', () => {
  it('holds a wish back until the last frame is drawn, and many wishes are one frame', () => {
    const state = { done: false, lost: false }
    const { gate, clock, frames } = gateOver(state)
    gate.request()
    expect(frames()).toBe(1)
    gate.drawn()
    gate.request()
    gate.request()
    clock.advance(100)
    expect(frames()).toBe(1)
    state.done = true
    clock.advance(10)
    expect(frames()).toBe(2)
  })

  it('asks for nothing that nobody wished', () => {
    const { gate, clock, frames } = gateOver({ done: true, lost: false })
    gate.drawn()
    clock.advance(100)
    expect(frames()).toBe(0)
  })

  it('does not wait for a frame of a lost context', () => {
    const state = { done: false, lost: false }
    const { gate, clock, frames } = gateOver(state)
    gate.drawn()
    gate.request()
    state.lost = true
    clock.advance(10)
    expect(frames()).toBe(1)
  })
})
