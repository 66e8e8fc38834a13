import { epsgOf, type Projection, projectionOf } from './geodesy.ts'

export interface System {
  readonly projection: Projection | undefined
  /** What people should know where it is not known. */
  readonly notes: readonly string[]
}

/** The coordinate system asked for, else the one that a file names, else the one usual where it names none. */
export function systemOf(named: unknown, asked: number | undefined, usual?: number): System {
  const silent = !(typeof named === 'number' || (typeof named === 'string' && named.trim() !== ''))
  const epsg = asked ?? (silent ? usual : epsgOf(String(named).trim()))
  const projection = epsg === undefined ? undefined : projectionOf(epsg)
  const unknown = silent
    ? 'no coordinate system is named'
    : `the coordinate system “${String(named).slice(0, 80)}” is not known here`
  return { projection, notes: projection ? [] : [`${unknown}: the site stays local, without its place on Earth`] }
}
