import { type Box, type BuildingInput, box, corners, name } from '../compose/shapes.ts'

/** Footprints; zones, equipment and paths take their places from these. */
export const footprints = {
  'office-a': box(-84, -38, -40, -20),
  'office-b': box(-84, -6, -66, 36),
  lab: box(10, -38, 50, -16),
  canteen: box(-54, 18, -26, 38),
  warehouse: box(72, -40, 104, -6),
  carpark: box(30, -76, 96, -56),
  energy: box(26, 22, 52, 40),
  gatehouse: box(-8, -75, -2, -67),
} as const satisfies Record<string, Box>

export type BuildingId = keyof typeof footprints

function storeys(count: number, heightM: number): BuildingInput['storeys'] {
  return Array.from({ length: count }, (_, i) => ({
    id: `f${i + 1}`,
    name: name(`Level ${i + 1}`, `${i + 1} 层`),
    baseM: i * heightM,
    heightM,
  }))
}

export const storeyHeightM: Record<BuildingId, number> = {
  'office-a': 4,
  'office-b': 3.8,
  lab: 4.5,
  canteen: 4.5,
  warehouse: 9,
  carpark: 5,
  energy: 7,
  gatehouse: 3.4,
}

const storeyCount: Record<BuildingId, number> = {
  'office-a': 5,
  'office-b': 4,
  lab: 3,
  canteen: 2,
  warehouse: 1,
  carpark: 1,
  energy: 1,
  gatehouse: 1,
}

export function roofM(id: BuildingId): number {
  return storeyHeightM[id] * storeyCount[id]
}

type Shell = Pick<BuildingInput, 'name' | 'use' | 'facade' | 'roof'>

const shells: Record<BuildingId, Shell> = {
  'office-a': {
    name: name('Office A', 'A 座办公楼'),
    use: 'office',
    facade: { style: 'curtain', color: '#8fa7b8', glazing: 0.7 },
    roof: { style: 'flat', parapetM: 1.1 },
  },
  'office-b': {
    name: name('Office B', 'B 座办公楼'),
    use: 'office',
    facade: { style: 'ribbon', color: '#d9d4c8', glazing: 0.5 },
    roof: { style: 'flat', parapetM: 0.9 },
  },
  lab: {
    name: name('Research lab', '研发实验楼'),
    use: 'lab',
    facade: { style: 'punched', color: '#c3c9cc', glazing: 0.35 },
    roof: { style: 'flat', parapetM: 1.1 },
  },
  canteen: {
    name: name('Canteen', '食堂'),
    use: 'canteen',
    facade: { style: 'ribbon', color: '#c9a27a', glazing: 0.55 },
    roof: { style: 'flat', parapetM: 0.6 },
  },
  warehouse: {
    name: name('Warehouse', '仓库'),
    use: 'warehouse',
    facade: { style: 'panel', color: '#9aa3a8', glazing: 0.05 },
    roof: { style: 'sawtooth', parapetM: 0.4 },
  },
  carpark: {
    name: name('Solar car park', '光伏停车场'),
    use: 'carpark',
    facade: { style: 'open', color: '#6f7a80', glazing: 0 },
    roof: { style: 'flat', parapetM: 0.2 },
  },
  energy: {
    name: name('Energy centre', '能源中心'),
    use: 'energy',
    facade: { style: 'panel', color: '#7f8f86', glazing: 0.1 },
    roof: { style: 'flat', parapetM: 1.2 },
  },
  gatehouse: {
    name: name('Gatehouse', '门卫室'),
    use: 'gatehouse',
    facade: { style: 'curtain', color: '#8fa7b8', glazing: 0.6 },
    roof: { style: 'flat', parapetM: 0.3 },
  },
}

export const buildingIds = Object.keys(footprints) as BuildingId[]

export function campusBuildings(): BuildingInput[] {
  return buildingIds.map((id) => ({
    id,
    ...shells[id],
    footprint: corners(footprints[id]),
    storeys: storeys(storeyCount[id], storeyHeightM[id]),
  }))
}
