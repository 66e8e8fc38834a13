import { type Box, type BuildingInput, box, name } from '../compose/shapes.ts'

export const halls = {
  'hall-1': box(-80, 0, -20, 40),
  'hall-2': box(-80, -52, -20, -14),
  warehouse: box(20, -10, 70, 30),
  utilities: box(-8, 38, 14, 56),
  hazard: box(52, 44, 70, 56),
  office: box(20, -52, 48, -38),
} as const satisfies Record<string, Box>
export type FactoryBuilding = keyof typeof halls

type Shell = Pick<BuildingInput, 'name' | 'use' | 'facade' | 'roof'> & {
  readonly levels: number
  readonly levelM: number
}

export const shells: Readonly<Record<FactoryBuilding, Shell>> = {
  'hall-1': {
    name: name('Press hall', '冲压车间'),
    use: 'production',
    levels: 1,
    levelM: 11,
    facade: { style: 'panel', color: '#8b979d', glazing: 0.12 },
    roof: { style: 'sawtooth', parapetM: 0.4 },
  },
  'hall-2': {
    name: name('Assembly hall', '总装车间'),
    use: 'production',
    levels: 1,
    levelM: 9,
    facade: { style: 'panel', color: '#a59c8c', glazing: 0.15 },
    roof: { style: 'sawtooth', parapetM: 0.4 },
  },
  warehouse: {
    name: name('Dispatch warehouse', '成品仓库'),
    use: 'warehouse',
    levels: 1,
    levelM: 10,
    facade: { style: 'panel', color: '#9aa3a8', glazing: 0.05 },
    roof: { style: 'flat', parapetM: 0.8 },
  },
  utilities: {
    name: name('Utilities', '动力站'),
    use: 'energy',
    levels: 1,
    levelM: 7,
    facade: { style: 'panel', color: '#7f8f86', glazing: 0.1 },
    roof: { style: 'flat', parapetM: 1 },
  },
  hazard: {
    name: name('Hazardous store', '危化品库'),
    use: 'warehouse',
    levels: 1,
    levelM: 5,
    facade: { style: 'panel', color: '#b98f74', glazing: 0.04 },
    roof: { style: 'flat', parapetM: 0.3 },
  },
  office: {
    name: name('Works office', '厂部办公楼'),
    use: 'office',
    levels: 3,
    levelM: 3.8,
    facade: { style: 'ribbon', color: '#d9d4c8', glazing: 0.5 },
    roof: { style: 'flat', parapetM: 0.9 },
  },
}
