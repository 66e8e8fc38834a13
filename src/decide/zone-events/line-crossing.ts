/** A line is crossed when somebody was surely on one side and then is surely on the other, between its ends. */
import type { Point2 } from '../../site/geometry.ts'
import { marginM } from './border.ts'
import { type Followed, scoreOf } from './followed.ts'
import type { RuleEvent } from './rule-event.ts'
import type { LineRule } from './rules.ts'

/** The ends of a line are not surer than the positions. */
const endSlackM = 0.3

export function crossings(one: Followed, lines: readonly LineRule[]): RuleEvent[] {
  return lines.flatMap((line) => {
    if (!line.classes.has(one.className)) return []
    const { eastM, northM } = one.place
    const awayM = leftOfM(line, [eastM, northM])
    const needM = marginM(one.place, normalOf(line))
    if (Math.abs(awayM) < needM) return []
    const side = awayM > 0 ? 1 : -1
    const before = one.sideOf.get(line.id)
    const at = { atMs: one.lastSeenMs, eastM, northM }
    one.sideOf.set(line.id, { side, at })
    if (!before || before.side === side) return []
    const crossed = meeting(line, before.at, at)
    if (!crossed || (line.forbidden !== 0 && line.forbidden !== side)) return []
    const wayM = Math.hypot(eastM - before.at.eastM, northM - before.at.northM)
    return [
      {
        type: 'lineCrossed',
        phase: 'began',
        rule: line.id,
        zone: undefined,
        cameraId: one.cameraId,
        trackId: one.trackId,
        atMs: one.lastSeenMs,
        sinceMs: crossed.atMs,
        score: scoreOf(one),
        values: {
          className: one.className,
          direction: side === 1 ? 'rightToLeft' : 'leftToRight',
          marginM: Math.round(needM * 100) / 100,
          movedM: Math.round(wayM * 10) / 10,
        },
      } satisfies RuleEvent,
    ]
  })
}

function normalOf({ from, to }: LineRule): Point2 {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1
  return [(from[1] - to[1]) / length, (to[0] - from[0]) / length]
}

/** Metres to the left of the line as one looks from its start to its end. */
function leftOfM({ from, to }: LineRule, [eastM, northM]: Point2): number {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]]
  const length = Math.hypot(dx, dy) || 1
  return (dx * (northM - from[1]) - dy * (eastM - from[0])) / length
}

interface Spot {
  readonly atMs: number
  readonly eastM: number
  readonly northM: number
}

/** When the straight way between two spots met the line; undefined beside its ends. */
function meeting(line: LineRule, a: Spot, b: Spot): { readonly atMs: number } | undefined {
  const [one, other] = [leftOfM(line, [a.eastM, a.northM]), leftOfM(line, [b.eastM, b.northM])]
  const share = one / (one - other)
  const [eastM, northM] = [a.eastM + (b.eastM - a.eastM) * share, a.northM + (b.northM - a.northM) * share]
  const [dx, dy] = [line.to[0] - line.from[0], line.to[1] - line.from[1]]
  const length = Math.hypot(dx, dy) || 1
  const along = ((eastM - line.from[0]) * dx + (northM - line.from[1]) * dy) / length
  if (along < -endSlackM || along > length + endSlackM) return undefined
  return { atMs: a.atMs + (b.atMs - a.atMs) * share }
}
