import { describe, expect, it } from 'vitest'
import { FakeClock } from '../testing/fake-clock.ts'
import { FrameGate } from './frame-gate.ts'

function gateOver(state: { done: boolean; lost: boolean }) {
  const clock = new FakeClock(0)
  const told = { requests: 0, draws: 0, done: [] as [number, boolean][] }
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
  const gate = new FrameGate(gl as unknown as WebGL2RenderingContext, clock, {
    request: () => told.requests++,
    draw: () => told.draws++,
    done: (tookMs, more) => told.done.push([tookMs, more]),
  })
  return { gate, clock, told }
}

describe('the gate before pictures', () => {
  it('asks for a frame to show a picture in only when that is done', () => {
    const state = { done: false, lost: false }
    const { gate, clock, told } = gateOver(state)
    gate.draw(() => {})
    clock.advance(100)
    expect([gate.drawing, gate.due, told.requests]).toEqual([true, false, 0])
    state.done = true
    clock.advance(10)
    expect([gate.drawing, gate.due, told.requests]).toEqual([false, true, 1])
    expect(told.done).toEqual([[104, false]])
  })

  it('draws the next picture once the last is shown, not within that frame, and many wishes are one picture', () => {
    const state = { done: true, lost: false }
    const { gate, clock, told } = gateOver(state)
    gate.request()
    expect(told.requests).toBe(1)
    gate.draw(() => {})
    gate.request()
    gate.request()
    clock.advance(10)
    expect(told.done[0]?.[1]).toBe(true)
    gate.request()
    expect(told.draws).toBe(0)
    gate.shown()
    expect(told.draws).toBe(0)
    clock.advance(1)
    expect(told.draws).toBe(1)
  })

  it('takes a wish made while a picture is drawn as one for the next, so that a movement does not end there', () => {
    const { gate, clock, told } = gateOver({ done: true, lost: false })
    gate.draw(() => gate.request())
    expect(told.requests).toBe(0)
    clock.advance(10)
    expect(told.done[0]?.[1]).toBe(true)
    gate.shown()
    clock.advance(1)
    expect(told.draws).toBe(1)
  })

  it('goes on after a picture whose drawing fails', () => {
    const { gate, told } = gateOver({ done: true, lost: false })
    const broken = () => {
      throw new Error('no such material')
    }
    expect(() => gate.draw(broken)).toThrow('no such material')
    gate.request()
    expect([gate.drawing, told.requests]).toEqual([false, 1])
  })

  it('draws nothing that nobody wished', () => {
    const { gate, clock, told } = gateOver({ done: true, lost: false })
    gate.draw(() => {})
    clock.advance(100)
    gate.shown()
    clock.advance(100)
    expect(told.draws).toBe(0)
    gate.request()
    expect(told.requests).toBe(2)
  })

  it('does not wait for a picture of a lost context', () => {
    const state = { done: false, lost: false }
    const { gate, clock } = gateOver(state)
    gate.draw(() => {})
    state.lost = true
    clock.advance(10)
    expect(gate.drawing).toBe(false)
  })
})
