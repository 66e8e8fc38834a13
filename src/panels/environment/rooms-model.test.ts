import { describe, expect, it } from 'vitest'
import type { TwinDevice } from '../../twin/twin.ts'
import { roomOf, roomSensors, worstFirst } from './rooms-model.ts'

const comfort = { heatC: 20, coolC: 26, co2Ppm: 1000, pm25: 75 }
const sensors = { zoneId: 'z', device: 's', points: { temperature: 't', co2: 'c' } }
const verdict = { zoneId: 'z', atMs: 0, occupied: 0.9, fireLike: 0, engine: 'wasm' } as const

function room(
  temperatureC: number,
  co2Ppm: number,
  over: Partial<typeof verdict | { occupied: number; fireLike: number }> = {},
) {
  return roomOf(
    sensors,
    comfort,
    { ...verdict, ...over },
    (_, point) => (point === 't' ? temperatureC : co2Ppm),
    (_, point) => (point === 't' ? 1000 : 4000),
  )
}

describe('rooms', () => {
  it('complains of heat only where somebody feels it, and of bad air always', () => {
    expect(room(28, 500).flags).toEqual(['hot'])
    expect(room(28, 500, { occupied: 0.1 }).flags).toEqual([])
    expect(room(22, 1400, { occupied: 0.1 }).flags).toEqual(['stuffy'])
  })

  it('are as old as the newest of what their sensor reported', () => {
    expect(room(22, 500).readAtMs).toBe(4000)
    const never = roomOf(
      sensors,
      comfort,
      undefined,
      () => undefined,
      () => 0,
    )
    expect(never.readAtMs).toBeUndefined()
  })

  it('puts a fire-like room before everything else', () => {
    const rooms = [room(29, 1500), room(22, 500, { fireLike: 0.8 }), room(22, 600)]
    expect(worstFirst(rooms).map((it) => it.flags)).toEqual([['fire'], ['hot', 'stuffy'], []])
  })

  it('takes only sensors for rooms, not plant with a temperature of its own', () => {
    const device = (id: string, brickClass: string): [string, TwinDevice] => [
      id,
      {
        id,
        online: true,
        points: { temperature: 0 },
        birth: {
          id,
          name: id,
          class: brickClass,
          zone: 'z',
          points: [{ id: 'temperature', kind: 'temperature', unit: '°C' }],
          at: 1e12,
        },
      },
    ]
    const found = roomSensors(new Map([device('a', 'Sensor_Equipment'), device('b', 'Chiller')]))
    expect(found.map((it) => it.device)).toEqual(['a'])
  })
})
