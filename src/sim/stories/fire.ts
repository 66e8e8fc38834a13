/**
 * A fire in a store room: grows until power is cut, air handling stopped and people called out; then it is put out, and
 * a fan in the doorway blows the smoke away (positive pressure ventilation, as brigades do).
 */
import { centroid } from '../../site/geometry.ts'
import { fireZone } from '../../site/story-needs.ts'
import { fireHeatKw, fireIntensity, fireSources } from '../physics/fire.ts'
import { clamp } from '../physics/noise.ts'
import type { Stage, Story } from './story.ts'

/** When nobody does anything the fire brigade does. */
const brigadeAfterS = 900
const dyingS = 25
/** A large fan of a brigade, some 29 000 m³/h. */
const purgeM3ps = 8
/** As clean as a room in use, µg/m³; on a hazy day no cleaner than the air it is blown out with. */
const clearPm25 = 60
const hazeMargin = 1.1

export function tellFire(stage: Stage): Story {
  const zone = fireZone(stage.site)
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
    if (!out || heatKw > 0 || room.purgeM3ps > 0) return
    room.purgeM3ps = purgeM3ps
    stage.log('the fire is out; the smoke is blown away')
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
      if (room.purgeM3ps === 0) return false
      return room.state.pm25 < Math.max(clearPm25, hazeMargin * stage.weather().pm25)
    },
    stop() {
      room.fire = undefined
      room.purgeM3ps = 0
    },
    fires() {
      if (heatKw <= 0) return []
      const smoke = clamp(Math.log10(1 + room.state.pm25 / 40) / 2.5, 0, 1)
      return [{ zone: zone.id, at: [east, north, zone.floorM], intensity: fireIntensity(heatKw), smoke }]
    },
  }
}
