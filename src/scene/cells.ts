/** A square of ground; what stands in it is drawn, refined and left out together. */
export interface Cell {
  readonly eastM: number
  readonly northM: number
  readonly upM: number
  /** Of the sphere round all that stands in it. */
  readonly radiusM: number
  readonly members: readonly number[]
}

export interface Spot {
  readonly eastM: number
  readonly northM: number
  readonly upM: number
  readonly reachM: number
}

/** Sorts things into the squares of a grid; squares without anything are left out. */
export function cellsOf(spots: readonly Spot[], sizeM: number): Cell[] {
  const groups = new Map<string, number[]>()
  for (const [i, { eastM, northM }] of spots.entries()) {
    const key = `${Math.floor(eastM / sizeM)},${Math.floor(northM / sizeM)}`
    const group = groups.get(key)
    if (group) group.push(i)
    else groups.set(key, [i])
  }
  return [...groups.values()].map((members) => ({ ...sphereRound(members.map((i) => spots[i] as Spot)), members }))
}

/** Everything as one cell. */
export function oneCell(spots: readonly Spot[]): Cell {
  return { ...sphereRound(spots), members: spots.map((_, i) => i) }
}

function sphereRound(spots: readonly Spot[]): Omit<Cell, 'members'> {
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] as [number, number, number]
  const high = low.map((x) => -x) as [number, number, number]
  for (const { eastM, northM, upM, reachM } of spots)
    for (const [axis, x] of [eastM, northM, upM].entries()) {
      low[axis] = Math.min(low[axis] as number, x - reachM)
      high[axis] = Math.max(high[axis] as number, x + reachM)
    }
  return {
    eastM: (low[0] + high[0]) / 2,
    northM: (low[1] + high[1]) / 2,
    upM: (low[2] + high[2]) / 2,
    radiusM: Math.hypot(high[0] - low[0], high[1] - low[1], high[2] - low[2]) / 2,
  }
}

/** Side of a cell so that about `most` of them cover what lies between the corners, and none is needlessly small. */
export function cellSizeM(widthM: number, heightM: number, most: number, leastM: number): number {
  return Math.max(leastM, Math.sqrt((widthM * heightM) / most))
}

/** From the eye to the nearest point of a cell; 0 inside. */
export function distanceToCell(
  eye: { readonly eastM: number; readonly northM: number; readonly upM: number },
  cell: Cell,
): number {
  const [x, y, z] = [eye.eastM - cell.eastM, eye.northM - cell.northM, eye.upM - cell.upM]
  return Math.max(0, Math.sqrt(x * x + y * y + z * z) - cell.radiusM)
}
