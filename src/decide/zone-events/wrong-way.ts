/** Against a one-way: far enough, long enough and straight enough back along it. */
import type { Condition } from './conditions.ts'
import { type Followed, isVehicle, type Spot, scoreOf, sigmaOf } from './followed.ts'
import type { WayRule } from './rules.ts'

const overMs = 4000
const leastMs = 900
const leastM = 2.5
const leastSpots = 5
/** Of the way gone, so much must lead straight back: crossing a way is not going against it. */
const leastStraight = 0.7

export function againstTheWay(one: Followed, ways: readonly WayRule[]): Condition[] {
  if (!isVehicle(one) && one.className !== 'bicycle') return []
  return ways.flatMap((way) => {
    const [dx, dy] = [way.to[0] - way.from[0], way.to[1] - way.from[1]]
    const length = Math.hypot(dx, dy) || 1
    const within = one.path.filter((spot) => one.lastSeenMs - spot.atMs <= overMs && isOn(way, spot))
    const [first, last] = [within[0], within.at(-1)]
    if (!first || !last || within.length < leastSpots || last.atMs !== one.lastSeenMs) return []
    const [mx, my] = [last.eastM - first.eastM, last.northM - first.northM]
    const backM = -(mx * dx + my * dy) / length
    const movedM = Math.hypot(mx, my)
    const neededM = Math.max(leastM, 2 * sigmaOf(one))
    if (last.atMs - first.atMs < leastMs || backM < neededM || backM < leastStraight * movedM) return []
    return [
      {
        type: 'wrongWay',
        // By the way, not by the track: a vehicle that is taken for two does not go wrong twice.
        key: `${way.id}/${one.cameraId}`,
        rule: way.id,
        zone: undefined,
        cameraId: one.cameraId,
        trackId: one.trackId,
        sinceMs: first.atMs,
        score: scoreOf(one),
        values: {
          className: one.className,
          backM: Math.round(backM * 10) / 10,
          neededM: Math.round(neededM * 10) / 10,
          speedMps: Math.round((movedM / Math.max(0.1, (last.atMs - first.atMs) / 1000)) * 10) / 10,
        },
      },
    ]
  })
}

function isOn({ from, to, halfWidthM }: WayRule, { eastM, northM }: Spot): boolean {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]]
  const length = Math.hypot(dx, dy) || 1
  const along = ((eastM - from[0]) * dx + (northM - from[1]) * dy) / length
  const across = Math.abs((dx * (northM - from[1]) - dy * (eastM - from[0])) / length)
  return along >= 0 && along <= length && across <= halfWidthM
}
