/** A fire in a store room: grows until power is cut, air handling stopped and people called out; then it is put out. */
import { centroid } from '../../site/geometry.ts'
import { fireHeatKw, fireIntensity, fireSources } from '../physics/fire.ts'
import { clamp } from '../physics/noise.ts'
import type { Stage, Story } from './story.ts'

/** When nobody does anything the fire brigade does. */
const brigadeAfterS = 900
const dyingS = 25

export function tellFire(stage: Stage): Story {
  const zone =
    stage.site.zones.find((z) => z.id === 'lab-store') ??
    stage.site.zones.find((z) => z.kind === 'storage' && z.building)
  const room = zone && stage.rooms.get(zone.id)
  if (!zone || !room) throw new Error('a fire needs a store room')
  const [east, north] = centroid(zone.polygon)
  const building = zone.building ?? ''
  let ageS = 0
  let runS = 0
  let heatKw = 0
  let evacuated = false
  let out = false
  stage.log(`something smoulders in ${zone.id}`)

  const has = (id: string, point: string) => stage.devices.has(id, point)
  const powerCut = () => has(`power-${zone.id}`, 'on') && !stage.devices.flag(`power-${zone.id}`, 'on')
  const airStopped = () => stage.devices.word(`ahu-${building}`, 'mode') === 'off'
  const called = () => stage.devices.flag(`siren-${building}`, 'on')

  const burn = (dtS: number) => {
    const measures = Number(powerCut()) + Number(airStopped()) + Number(called())
    // medium growth of NFPA 92 is slow growth at twice the pace; each measure robs it of heat, air or time
    ageS += 2 * dtS * (1 - 0.3 * measures)
    if (measures === 3 || runS > brigadeAfterS) {
      if (!out)
        stage.log(
          measures === 3 ? 'power cut, air stopped, people out: the fire is put out' : 'the brigade puts it out',
        )
      out = true
    }
    heatKw = out ? heatKw * Math.exp(-dtS / dyingS) : fireHeatKw(ageS)
    if (out && heatKw < 0.3) heatKw = 0
    room.fire = heatKw > 0 ? fireSources(heatKw) : undefined
  }

  return {
    name: 'room-on-fire',
    step(dtS) {
      runS += dtS
      burn(dtS)
      if (called() && !evacuated) {
        evacuated = true
        stage.population.evacuate(building, stage.nowMs(), stage.nowMs() + 3_600_000)
        stage.log(`${building} is evacuated`)
      }
      return out && heatKw === 0
    },
    stop() {
      room.fire = undefined
    },
    fires() {
      if (heatKw <= 0) return []
      const smoke = clamp(Math.log10(1 + room.state.pm25 / 40) / 2.5, 0, 1)
      return [{ zone: zone.id, at: [east, north, zone.floorM], intensity: fireIntensity(heatKw), smoke }]
    },
  }
}
