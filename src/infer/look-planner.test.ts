import { describe, expect, it } from 'vitest'
import { type Findings, LookPlanner, type LookReason } from './look-planner.ts'
import { type Motion, MotionSense } from './motion-sense.ts'

const frameMs = 125
const nothing: Findings = { detections: [], tracks: [], unsettled: false }

/** A picture of 40 × 24 cells in which these moved. */
const motion = (...moved: number[]): Motion => ({ cellPx: 8, columns: 40, rows: 24, moved })
const cellAt = (column: number, row: number) => row * 40 + column

/** Plays pictures to a planner and counts why they were looked at. */
function play(
  planner: LookPlanner,
  fromMs: number,
  pictures: number,
  motionAt: (i: number) => Motion,
  findings: Findings,
): Partial<Record<LookReason, number>> {
  const reasons: Partial<Record<LookReason, number>> = {}
  for (let i = 0; i < pictures; i++) {
    const nowMs = fromMs + i * frameMs
    const seen = motionAt(i)
    const reason = planner.plan(seen, nowMs)
    if (!reason) continue
    reasons[reason] = (reasons[reason] ?? 0) + 1
    planner.looked(seen, findings, nowMs)
  }
  return reasons
}

describe('look planner', () => {
  it('looks at a still scene every two seconds', () => {
    const planner = new LookPlanner()
    expect(play(planner, 0, 80, () => motion(), nothing)).toEqual({ still: 5 })
  })

  it('looks at every picture while something new moves, and a while longer', () => {
    const planner = new LookPlanner()
    planner.plan(motion(), 0)
    planner.looked(motion(), nothing, 0)
    const reasons = play(planner, frameMs, 24, (i) => (i < 4 ? motion(cellAt(5 + i, 5)) : motion()), nothing)
    expect(reasons.new).toBe(4 + 12)
  })

  it('follows what it knows at a lower rate, and is wide awake for a newcomer elsewhere', () => {
    const planner = new LookPlanner()
    const walker = { x: 80, y: 80, width: 16, height: 32 }
    const known: Findings = { detections: [walker], tracks: [walker], unsettled: false }
    play(planner, 0, 16, () => motion(cellAt(11, 11)), known)
    const walking = play(planner, 10_000, 80, () => motion(cellAt(11, 11)), known)
    expect(walking.new ?? 0).toBe(0)
    expect(walking.following).toBeGreaterThanOrEqual(25)
    expect(walking.following).toBeLessThanOrEqual(28)
    expect(planner.plan(motion(cellAt(11, 11), cellAt(30, 4)), 20_000)).toBe('new')
  })

  it('tires of leaves that never prove to be anything, and wakes again once they have been still', () => {
    const planner = new LookPlanner()
    const leaves = motion(cellAt(3, 3), cellAt(4, 3))
    play(planner, 0, 40, () => leaves, nothing)
    const later = play(planner, 6000, 40, () => leaves, nothing)
    expect(later.new ?? 0).toBe(0)
    expect(later.following).toBeGreaterThan(0)
    play(planner, 12_000, 400, () => motion(), nothing)
    expect(planner.plan(leaves, 70_000)).toBe('new')
  })

  it('keeps looking while a track is young or lost, but not for ever where nothing moves', () => {
    const planner = new LookPlanner()
    const flickering = { ...nothing, unsettled: true }
    expect(play(planner, 0, 30, () => motion(), flickering)).toEqual({ still: 1, new: 29 })
    const later = play(planner, 6000, 80, () => motion(), flickering)
    expect(later.new ?? 0).toBe(0)
    expect(later.still).toBe(5)
    expect(planner.plan(motion(cellAt(5, 5)), 20_000)).toBe('new')
    planner.looked(motion(), flickering, 20_000)
    expect(play(planner, 20_125, 30, () => motion(), flickering).new).toBe(30)
  })
})

describe('motion sense', () => {
  const noisy = (seed: number, figure = 0, scale = 1) => {
    const [width, height] = [320 * scale, 192 * scale]
    const rgba = new Uint8Array(width * height * 4)
    let state = seed
    for (let i = 0; i < rgba.length; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      rgba[i] = 100 + (state >>> 28)
    }
    for (let y = 90 * scale; y < 102 * scale; y++)
      rgba.fill(100 + figure, (y * width + 150 * scale) * 4, (y * width + 155 * scale) * 4)
    return { width, height, rgba: rgba.buffer }
  }

  it.each([1, 4])('is not moved by noise, but by a figure a sixteenth of the height (scale %i)', (scale) => {
    const sense = new MotionSense()
    expect(sense.compare(noisy(1, 0, scale)).moved.length).toBe(40 * 24)
    sense.keep()
    for (let i = 2; i < 12; i++) expect(sense.compare(noisy(i, 0, scale)).moved).toEqual([])
    const { moved, columns } = sense.compare(noisy(30, 60, scale))
    expect(moved.length).toBeGreaterThan(0)
    for (const cell of moved) expect(Math.abs((cell % columns) - 19)).toBeLessThanOrEqual(1)
  })

  it('adds up slow movement against the last picture that was kept', () => {
    const sense = new MotionSense()
    sense.compare(noisy(1))
    sense.keep()
    const after = [8, 16, 60].map((figure, i) => sense.compare(noisy(40 + i, figure)).moved.length > 0)
    expect(after.at(-1)).toBe(true)
  })
})
