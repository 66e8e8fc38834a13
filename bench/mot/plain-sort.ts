/**
 * SORT as published (Bewley et al. 2016), to be measured against: constant-velocity Kalman filter over centre, area
 * and aspect, optimal assignment by overlap, and nothing else. Time is counted in frames. All its noise matrices are
 * diagonal, so the seven-state filter is three filters of two states and a constant.
 */
import type { BoxInImage } from '../../src/contract/perception.ts'
import { assign } from '../../src/infer/assignment.ts'
import { iou } from '../detector-scores.ts'
import type { MotBox, MotFrames } from './sequence.ts'

/** The paper's parameters. */
const settings = { maxAge: 1, minHits: 3, leastIou: 0.3 }

interface Axis {
  position: number
  velocity: number
  pp: number
  pv: number
  vv: number
  readonly measuredVariance: number
  readonly velocityNoise: number
}

interface SortTrack {
  readonly id: number
  readonly centreX: Axis
  readonly centreY: Axis
  readonly area: Axis
  readonly aspect: Axis
  streak: number
  unseen: number
}

const axis = (position: number, moves: boolean, measuredVariance: number, velocityNoise: number): Axis => ({
  position,
  velocity: 0,
  pp: 10,
  pv: 0,
  vv: moves ? 10_000 : 0,
  measuredVariance,
  velocityNoise,
})

const areaOf = ({ width, height }: BoxInImage) => width * height

function startTrack(id: number, box: BoxInImage): SortTrack {
  return {
    id,
    centreX: axis(box.x + box.width / 2, true, 1, 0.01),
    centreY: axis(box.y + box.height / 2, true, 1, 0.01),
    area: axis(areaOf(box), true, 10, 0.0001),
    aspect: axis(box.width / box.height, false, 10, 0),
    streak: 0,
    unseen: 0,
  }
}

function predict(one: Axis): void {
  one.position += one.velocity
  one.pp += 2 * one.pv + one.vv + 1
  one.pv += one.vv
  one.vv += one.velocityNoise
}

function correct(one: Axis, measured: number): void {
  const surprise = measured - one.position
  const total = one.pp + one.measuredVariance
  const [gainP, gainV] = [one.pp / total, one.pv / total]
  one.position += gainP * surprise
  one.velocity += gainV * surprise
  one.vv -= gainV * one.pv
  one.pp *= 1 - gainP
  one.pv *= 1 - gainP
}

function predictTrack(track: SortTrack): void {
  if (track.area.position + track.area.velocity <= 0) track.area.velocity = 0
  for (const one of [track.centreX, track.centreY, track.area, track.aspect]) predict(one)
  if (track.unseen > 0) track.streak = 0
  track.unseen++
}

function correctTrack(track: SortTrack, box: BoxInImage): void {
  correct(track.centreX, box.x + box.width / 2)
  correct(track.centreY, box.y + box.height / 2)
  correct(track.area, areaOf(box))
  correct(track.aspect, box.width / box.height)
  track.streak++
  track.unseen = 0
}

function boxOf(track: SortTrack): BoxInImage {
  const width = Math.sqrt(track.area.position * track.aspect.position)
  const height = track.area.position / width
  return { x: track.centreX.position - width / 2, y: track.centreY.position - height / 2, width, height }
}

export function plainSort(detections: MotFrames): MotFrames {
  let tracks: SortTrack[] = []
  let nextId = 1
  return detections.map((found, frame): MotBox[] => {
    for (const track of tracks) predictTrack(track)
    tracks = tracks.filter((track) => Number.isFinite(boxOf(track).width))
    const expected = tracks.map(boxOf)
    const overlap = (row: number, column: number) => iou((found[row] as MotBox).box, expected[column] as BoxInImage)
    const columns = assign(found.length, expected.length, (row, column) => -overlap(row, column))
    for (const [row, { box }] of found.entries()) {
      const column = columns[row] ?? -1
      if (column >= 0 && overlap(row, column) >= settings.leastIou) correctTrack(tracks[column] as SortTrack, box)
      else tracks.push(startTrack(nextId++, box))
    }
    const shown = tracks.filter(
      ({ unseen, streak }) => unseen < 1 && (streak >= settings.minHits || frame + 1 <= settings.minHits),
    )
    tracks = tracks.filter(({ unseen }) => unseen <= settings.maxAge)
    return shown.map((track) => ({ id: track.id, score: 1, box: boxOf(track) }))
  })
}
