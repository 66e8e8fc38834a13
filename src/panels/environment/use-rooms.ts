import { useMemo } from 'react'
import { useText } from '../../ui/preferences.tsx'
import { isStale } from '../devices/point-state.ts'
import { useReading } from '../energy/use-reading.ts'
import { useFormat, useSiteSecond, useTwin } from '../use-twin.ts'
import { type Room, roomOf, roomSensors } from './rooms-model.ts'

export function useRooms(): readonly Room[] {
  const devices = useTwin((state) => state.devices)
  const comfort = useTwin((state) => state.site?.comfort)
  const verdicts = useTwin((state) => state.environment)
  const sensors = useMemo(() => roomSensors(devices), [devices])
  const { read, readAt } = useReading()
  if (!comfort) return []
  return sensors.map((sensor) => roomOf(sensor, comfort, verdicts.get(sensor.zoneId), read, readAt))
}

export function useRoom(zoneId: string): Room | undefined {
  return useRooms().find((room) => room.zoneId === zoneId)
}

/** How old a room's figures are, where its sensor has fallen silent. */
export function useStaleWords(): (room: Room) => string | undefined {
  const text = useText()
  const format = useFormat()
  const nowMs = useSiteSecond()
  const speed = useTwin((state) => state.clock.speed)
  return ({ readAtMs: atMs = 0 }) =>
    isStale({ atMs }, nowMs, speed, false) ? text.device.stale(format.age(nowMs - atMs)) : undefined
}
