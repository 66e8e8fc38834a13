import { useMemo } from 'react'
import { useReading } from '../energy/use-reading.ts'
import { useTwin } from '../use-twin.ts'
import { type Room, roomOf, roomSensors } from './rooms-model.ts'

export function useRooms(): readonly Room[] {
  const devices = useTwin((state) => state.devices)
  const comfort = useTwin((state) => state.site?.comfort)
  const verdicts = useTwin((state) => state.environment)
  const sensors = useMemo(() => roomSensors(devices), [devices])
  const { read } = useReading()
  if (!comfort) return []
  return sensors.map((sensor) => roomOf(sensor, comfort, verdicts.get(sensor.zoneId), read))
}

export function useRoom(zoneId: string): Room | undefined {
  return useRooms().find((room) => room.zoneId === zoneId)
}
