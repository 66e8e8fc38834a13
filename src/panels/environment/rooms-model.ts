import type { EnvironmentVerdict } from '../../contract/perception.ts'
import type { SiteFile } from '../../site/schema.ts'
import type { TwinDevice } from '../../twin/twin.ts'

type RoomFlag = 'fire' | 'hot' | 'cold' | 'stuffy' | 'dusty'

export interface Room {
  readonly zoneId: string
  /** The sensor; a large room may have several. */
  readonly device: string
  readonly temperatureC: number | undefined
  readonly co2Ppm: number | undefined
  readonly pm25: number | undefined
  /** Site time of the newest of these; undefined where nothing was reported. */
  readonly readAtMs: number | undefined
  /** Probability 0…1 by the environment model. */
  readonly occupied: number | undefined
  readonly fireLike: number | undefined
  readonly flags: readonly RoomFlag[]
}

export interface RoomSensors {
  readonly zoneId: string
  readonly device: string
  readonly points: { readonly temperature?: string; readonly co2?: string; readonly pm25?: string }
}

const kinds = ['temperature', 'co2', 'pm25'] as const

/** Sensors that stand in a zone and measure its air; plant with a temperature of its own is none. */
export function roomSensors(devices: ReadonlyMap<string, TwinDevice>): RoomSensors[] {
  return [...devices.values()].flatMap(({ id, birth }) => {
    if (birth.zone === undefined || !/sensor/i.test(birth.class)) return []
    const found = kinds.flatMap((kind) => {
      const point = birth.points.find((candidate) => candidate.kind === kind)
      return point ? [[kind, point.id] as const] : []
    })
    return found.length === 0 ? [] : [{ zoneId: birth.zone, device: id, points: Object.fromEntries(found) }]
  })
}

type Read = (device: string, point: string) => number | undefined

export function roomOf(
  sensors: RoomSensors,
  comfort: SiteFile['comfort'],
  verdict: EnvironmentVerdict | undefined,
  read: Read,
  readAt: Read,
): Room {
  const measured = (point: string | undefined) => (point === undefined ? undefined : read(sensors.device, point))
  const values = {
    temperatureC: measured(sensors.points.temperature),
    co2Ppm: measured(sensors.points.co2),
    pm25: measured(sensors.points.pm25),
    occupied: verdict?.occupied,
    fireLike: verdict?.fireLike,
  }
  const times = Object.values(sensors.points).map((point) => readAt(sensors.device, point) ?? 0)
  const readAtMs = Math.max(0, ...times) || undefined
  return { zoneId: sensors.zoneId, device: sensors.device, ...values, readAtMs, flags: flagsOf(values, comfort) }
}

/** Temperature counts only where somebody is there to feel it. */
function flagsOf(
  room: Omit<Room, 'zoneId' | 'device' | 'flags' | 'readAtMs'>,
  comfort: SiteFile['comfort'],
): RoomFlag[] {
  const inUse = (room.occupied ?? 1) >= 0.5
  const flags: RoomFlag[] = []
  if ((room.fireLike ?? 0) >= 0.5) flags.push('fire')
  if (inUse && (room.temperatureC ?? comfort.coolC) > comfort.coolC + 0.5) flags.push('hot')
  if (inUse && (room.temperatureC ?? comfort.heatC) < comfort.heatC - 0.5) flags.push('cold')
  if ((room.co2Ppm ?? 0) > comfort.co2Ppm) flags.push('stuffy')
  if ((room.pm25 ?? 0) > comfort.pm25) flags.push('dusty')
  return flags
}

/** The worst first: fire, then the number of complaints, then CO₂. */
export function worstFirst(rooms: readonly Room[]): Room[] {
  const weight = (room: Room) => (room.flags.includes('fire') ? 100 : 0) + room.flags.length
  return [...rooms].sort((a, b) => weight(b) - weight(a) || (b.co2Ppm ?? 0) - (a.co2Ppm ?? 0))
}
