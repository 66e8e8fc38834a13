import * as point from '../compose/points.ts'
import { both } from '../compose/room-heads.ts'
import { type BuildingInput, type EquipmentInput, name } from '../compose/shapes.ts'

/** A meter for the site and one for every building, so that an imported park can be simulated. */
export function importedMeters(buildings: readonly BuildingInput[]): EquipmentInput[] {
  const points = [point.power(), point.energy(), point.reactivePower(), point.voltage()]
  const [east, north] = buildings[0]?.footprint[0] ?? [0, 0]
  const site: EquipmentInput = {
    id: 'meter-site',
    name: name('Site meter', '园区总表'),
    class: 'Electrical_Meter',
    at: [east, north, 1.5],
    points: [...points, point.price()],
  }
  return [
    site,
    ...buildings.map((building): EquipmentInput => {
      const [x, y] = building.footprint[0] ?? [0, 0]
      return {
        id: `meter-${building.id}`,
        name: both(building.name, 'meter', '总表'),
        class: 'Electrical_Meter',
        building: building.id,
        at: [x, y, 1.5],
        meteredBy: 'meter-site',
        points,
      }
    }),
  ]
}
