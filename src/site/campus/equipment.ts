import { roomEquipment } from '../compose/room-heads.ts'
import { type Corner, type EquipmentInput, round2 } from '../compose/shapes.ts'
import { accessEquipment } from './equipment-access.ts'
import { energyEquipment } from './equipment-energy.ts'
import { plantEquipment } from './equipment-plant.ts'
import { campusZones } from './zones.ts'

export function campusEquipment(): EquipmentInput[] {
  const zones = campusZones()
  return [...energyEquipment(), ...plantEquipment(zones), ...roomEquipment(zones), ...accessEquipment()].map(
    (item) => ({ ...item, at: tidy(item.at) }),
  )
}

function tidy([east, north, up]: EquipmentInput['at']): EquipmentInput['at'] {
  const flat: Corner = [round2(east), round2(north)]
  return [...flat, round2(up)]
}
