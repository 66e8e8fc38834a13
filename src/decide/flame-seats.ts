/**
 * Where something seems to burn in a camera's picture. A fire stays at its seat, is seen again and again, and neither
 * its size nor its score stands still; a passing lamp moves on, a glint is gone in the next picture, a red sign never
 * changes.
 */
import type { BoxInImage, Detection } from '../contract/perception.ts'

export interface SeatSettings {
  /** A seat needs so many of its last `looks` looks, and `lastsMs` from the first to the last of them. */
  readonly looks: number
  readonly looksNeeded: number
  readonly lastsMs: number
  readonly leastScore: number
  /** So many of the looks that found it must be surer than `sureScore`: what is doubtful in every picture is no fire. */
  readonly sureLooks: number
  readonly sureScore: number
}

export interface Burning {
  readonly box: BoxInImage
  readonly sinceMs: number
  /** Mean score over the looks that found it. */
  readonly score: number
  readonly hits: number
  readonly looks: number
  /** Relative change of size from look to look. */
  readonly flicker: number
  /** Size now over size at first. */
  readonly growth: number
}

interface Look {
  readonly atMs: number
  /** 0 where it was not found. */
  readonly score: number
  readonly areaPx: number
}

interface Seat {
  box: BoxInImage
  /** Where its foot was first seen, for telling what moves on. */
  readonly firstX: number
  readonly firstY: number
  readonly firstSizePx: number
  readonly firstAreaPx: number
  readonly sinceMs: number
  looks: Look[]
}

/** Several flames of one fire, reflections: more seats than this in one picture are noise. */
const mostSeats = 12
/** A foot that wandered so many of its sizes from where it began belongs to something that moves. */
const mostDriftSizes = 1.2
const nearPx = 6

export class FlameSeats {
  readonly #settings: SeatSettings
  #seats: Seat[] = []

  constructor(settings: SeatSettings) {
    this.#settings = settings
  }

  /** Takes in one look; returns the seats that are found in it and have lasted. */
  observe(detections: readonly Detection[], atMs: number): Burning[] {
    const { leastScore, looks } = this.#settings
    if (this.#seats.some((seat) => (seat.looks.at(-1)?.atMs ?? 0) > atMs)) this.#seats = []
    const sure = detections.filter(({ score }) => score >= leastScore).sort((a, b) => b.score - a.score)
    const taken = new Set<Seat>()
    for (const { box, score } of sure) {
      const seat = this.#nearest(box, taken) ?? this.#begin(box, atMs)
      if (!seat) continue
      taken.add(seat)
      seat.box = box
      seat.looks.push({ atMs, score, areaPx: box.width * box.height })
    }
    for (const seat of this.#seats) {
      if (!taken.has(seat)) seat.looks.push({ atMs, score: 0, areaPx: 0 })
      if (seat.looks.length > looks) seat.looks = seat.looks.slice(-looks)
    }
    this.#seats = this.#seats.filter((seat) => seat.looks.some(({ score }) => score > 0))
    return [...taken].flatMap((seat) => this.#verdict(seat) ?? [])
  }

  #nearest(box: BoxInImage, taken: ReadonlySet<Seat>): Seat | undefined {
    const away = (seat: Seat) => Math.hypot(middleX(seat.box) - middleX(box), footY(seat.box) - footY(box))
    return this.#seats
      .filter((seat) => !taken.has(seat) && away(seat) <= nearPx + 0.7 * Math.max(sizePx(seat.box), sizePx(box)))
      .sort((a, b) => away(a) - away(b))[0]
  }

  #begin(box: BoxInImage, atMs: number): Seat | undefined {
    if (this.#seats.length >= mostSeats) return undefined
    const first = { firstX: middleX(box), firstY: footY(box), firstSizePx: sizePx(box) }
    const seat: Seat = { ...first, firstAreaPx: box.width * box.height, sinceMs: atMs, box, looks: [] }
    this.#seats.push(seat)
    return seat
  }

  #verdict(seat: Seat): Burning | undefined {
    const { looksNeeded, lastsMs, sureLooks, sureScore } = this.#settings
    const hits = seat.looks.filter(({ score }) => score > 0)
    const [first, last] = [hits[0], hits.at(-1)]
    if (!first || !last || hits.length < looksNeeded || last.atMs - first.atMs < lastsMs) return undefined
    if (hits.filter(({ score }) => score >= sureScore).length < sureLooks) return undefined
    const size = Math.max(seat.firstSizePx, sizePx(seat.box))
    const drift = Math.hypot(middleX(seat.box) - seat.firstX, footY(seat.box) - seat.firstY) / (size + nearPx)
    if (drift > mostDriftSizes) return undefined
    const steps = hits.slice(1).map(({ areaPx }, i) => {
      const before = hits[i]?.areaPx ?? areaPx
      return Math.abs(areaPx - before) / Math.max(1, (areaPx + before) / 2)
    })
    return {
      box: seat.box,
      sinceMs: seat.sinceMs,
      score: hits.reduce((sum, { score }) => sum + score, 0) / hits.length,
      hits: hits.length,
      looks: seat.looks.length,
      flicker: steps.reduce((sum, step) => sum + step, 0) / Math.max(1, steps.length),
      growth: last.areaPx / Math.max(1, seat.firstAreaPx),
    }
  }
}

const middleX = ({ x, width }: BoxInImage) => x + width / 2
const footY = ({ y, height }: BoxInImage) => y + height
const sizePx = ({ width, height }: BoxInImage) => Math.max(width, height)
