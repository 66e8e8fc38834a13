/** Gates, doors, cameras and the ways between them. */
import { type CameraInput, type Corner, type GateInput, name, type SiteInput } from '../compose/shapes.ts'

export function campusGates(): GateInput[] {
  return [
    { id: 'gate-barrier', kind: 'barrier', from: [-19.5, -71], to: [-10.5, -71], heightM: 1.1, opensInMs: 2500 },
    { id: 'gate-walk', kind: 'gate', from: [-22.6, -71], to: [-19.7, -71], heightM: 1.8, opensInMs: 1500 },
    { id: 'dock-gate', kind: 'gate', from: [68, 24], to: [68, 32], heightM: 2.2, opensInMs: 8000 },
    { id: 'dock-door', kind: 'door', from: [92.2, -6], to: [93.3, -6], heightM: 2.1, opensInMs: 1200 },
    { id: 'dock-shutter-1', kind: 'rollerDoor', from: [81.6, -6], to: [85.2, -6], heightM: 4, opensInMs: 9000 },
    { id: 'dock-shutter-2', kind: 'rollerDoor', from: [87, -6], to: [90.6, -6], heightM: 4, opensInMs: 9000 },
    { id: 'door-office-a', kind: 'door', from: [-40, -30.2], to: [-40, -27.8], heightM: 2.6, opensInMs: 1200 },
    { id: 'door-office-b', kind: 'door', from: [-66, 2.8], to: [-66, 5.2], heightM: 2.6, opensInMs: 1200 },
    { id: 'door-lab', kind: 'door', from: [10, -28.2], to: [10, -25.8], heightM: 2.4, opensInMs: 1200 },
    { id: 'door-canteen', kind: 'door', from: [-41.2, 18], to: [-38.8, 18], heightM: 2.6, opensInMs: 1200 },
    { id: 'door-energy', kind: 'door', from: [38.2, 22], to: [39.8, 22], heightM: 2.2, opensInMs: 1200 },
    { id: 'door-warehouse', kind: 'door', from: [72, -24.6], to: [72, -23.4], heightM: 2.1, opensInMs: 1200 },
    { id: 'door-gatehouse', kind: 'door', from: [-5.5, -67], to: [-4.5, -67], heightM: 2.1, opensInMs: 1000 },
  ]
}

const lens = { widthPx: 320, heightPx: 192 }

export function campusCameras(): CameraInput[] {
  return [
    {
      id: 'cam-dock',
      name: name('Dock camera', '月台摄像机'),
      at: [87, 15, 5.5],
      headingDeg: 180,
      pitchDeg: -18,
      lens: { ...lens, hfovDeg: 70 },
      fps: 8,
      zones: ['dock'],
    },
    {
      id: 'cam-gate',
      name: name('Main gate camera', '主入口摄像机'),
      at: [-6, -58, 4.8],
      headingDeg: 216,
      pitchDeg: -16,
      lens: { ...lens, hfovDeg: 64 },
      fps: 8,
      zones: ['gate-main'],
    },
    {
      id: 'cam-carpark',
      name: name('Car park camera', '停车场摄像机'),
      at: [31, -66, 4.3],
      headingDeg: 90,
      pitchDeg: -15,
      lens: { ...lens, hfovDeg: 70 },
      fps: 8,
      zones: ['carpark-deck'],
    },
    {
      id: 'cam-plaza',
      name: name('Plaza camera', '广场摄像机'),
      at: [-36.5, -5.5, 5.5],
      headingDeg: 138,
      pitchDeg: -17,
      lens: { ...lens, hfovDeg: 70 },
      fps: 8,
      zones: ['plaza'],
    },
  ]
}

const nodes: Record<string, Corner> = {
  // carriageways, on the centreline; vehicles keep to the right of it
  'street-west': [-145, -88],
  'street-mid': [-15, -88],
  'street-east': [145, -88],
  'gate-out': [-15, -78],
  'gate-in': [-15, -63],
  'junction-entry': [-15, -48],
  'junction-sw': [-98, -48],
  'junction-nw': [-98, 50],
  'junction-ne': [62, 50],
  'junction-se': [62, -48],
  'junction-carpark': [24, -48],
  'visitor-1': [-75, -48],
  'visitor-2': [-65, -48],
  'visitor-3': [-55, -48],
  'visitor-4': [-45, -48],
  'carpark-turn': [24, -66],
  'carpark-in': [31, -66],
  'junction-dock': [62, 28],
  'dock-drive-out': [65.8, 28],
  'dock-drive-in': [72, 28],
  'yard-turn-1': [83.4, 24],
  'yard-turn-2': [91.5, 24],
  'berth-1': [83.4, 1.2],
  'berth-2': [88.8, 1.2],
  'yard-east': [95, 30],
  // walkways
  'walk-street-west': [-60, -82],
  'walk-street-east': [40, -82],
  'walk-gate-out': [-21.2, -82],
  'walk-gate-in': [-21.2, -66],
  'walk-entry': [-21.2, -53],
  'walk-cross': [-21.2, -42.8],
  'walk-gatehouse': [-9.2, -64.5],
  'walk-gatehouse-cross': [-9.2, -53],
  'walk-gatehouse-north': [-9.2, -42.8],
  'gatehouse-out': [-5, -65],
  'gatehouse-inside': [-5, -69],
  'plaza-south': [-15, -40],
  'plaza-west': [-35, -29],
  'plaza-east': [5, -27],
  'plaza-centre': [-15, -23],
  'plaza-north': [-15, -6],
  'plaza-north-west': [-36, -6],
  'office-a-out': [-37.6, -29],
  'office-a-inside': [-42, -29],
  'lab-out': [7.6, -27],
  'lab-inside': [12, -27],
  'office-b-walk': [-60, -6],
  'office-b-out': [-63.6, 4],
  'office-b-inside': [-68, 4],
  'canteen-walk': [-40, -2],
  terrace: [-40, 12],
  'canteen-out': [-40, 15.8],
  'canteen-inside': [-40, 20],
  'visitor-walk': [-60, -43.2],
  'avenue-walk-west': [-40, -43.2],
  'avenue-walk-east': [9, -43.2],
  'avenue-carpark': [20.2, -43.2],
  'carpark-cross': [20.2, -52.5],
  'carpark-walk-north': [28.5, -52.5],
  'carpark-walk': [28.5, -64],
  'lab-corner': [24, -43.2],
  'avenue-end': [57.3, -43.2],
  'east-walk': [57.3, -12],
  'east-walk-north': [57.3, 10],
  'energy-apron': [39, 15],
  'energy-out': [39, 19.8],
  'energy-inside': [39, 24],
  'lab-back': [24, 13],
  'east-cross': [66.7, -43.2],
  'warehouse-walk': [66.7, -24],
  'warehouse-out': [69.8, -24],
  'warehouse-inside': [74, -24],
  'warehouse-north': [66.7, -9],
  'yard-gate-walk-out': [66.6, 26],
  'yard-gate-walk-in': [70.5, 26],
  'yard-west': [74, 14],
  'dock-edge': [82, 6],
  'dock-middle': [87, 0.5],
  'dock-east': [93, 2],
  'dock-door-out': [92.75, -4.4],
  'dock-door-inside': [92.75, -8],
  'fence-gap-out': [110, 2.5],
  'fence-gap-in': [104.5, 2.5],
  'garden-south': [-15, 2],
  'garden-west': [-20, 17],
  'garden-north': [0, 31],
  'garden-east': [20, 17],
}

/** Aisle nodes of the car park, one for every two bays. */
const aisleEasts = Array.from({ length: 13 }, (_, i) => 33 + i * 5)

type Edge = NonNullable<SiteInput['paths']>['edges'][number]

function chain(kind: Edge['kind'], ...ids: string[]): Edge[] {
  return ids.slice(1).map((b, i) => ({ a: ids[i] ?? b, b, kind }))
}

function door(gate: string, a: string, b: string, kind: Edge['kind'] = 'walk'): Edge {
  return { a, b, kind, gate }
}

function edges(): Edge[] {
  const aisle = aisleEasts.map((_, i) => `aisle-${i + 1}`)
  return [
    ...chain('drive', 'street-west', 'street-mid', 'street-east'),
    ...chain('drive', 'street-mid', 'gate-out'),
    door('gate-barrier', 'gate-out', 'gate-in', 'drive'),
    ...chain('drive', 'gate-in', 'junction-entry', 'junction-carpark', 'junction-se', 'junction-dock', 'junction-ne'),
    ...chain('drive', 'junction-ne', 'junction-nw', 'junction-sw', 'visitor-1', 'visitor-2', 'visitor-3', 'visitor-4'),
    ...chain('drive', 'visitor-4', 'junction-entry'),
    ...chain('drive', 'junction-carpark', 'carpark-turn', 'carpark-in'),
    ...chain('both', 'carpark-in', ...aisle),
    ...chain('drive', 'junction-dock', 'dock-drive-out'),
    door('dock-gate', 'dock-drive-out', 'dock-drive-in', 'drive'),
    ...chain('drive', 'dock-drive-in', 'yard-turn-1', 'berth-1'),
    ...chain('drive', 'yard-turn-1', 'yard-turn-2', 'berth-2'),
    ...chain('drive', 'yard-turn-2', 'yard-east'),
    ...chain('walk', 'walk-street-west', 'walk-gate-out', 'walk-street-east'),
    door('gate-walk', 'walk-gate-out', 'walk-gate-in'),
    ...chain('walk', 'walk-gate-in', 'walk-entry', 'walk-cross', 'plaza-south', 'plaza-centre', 'plaza-north'),
    ...chain('walk', 'walk-gatehouse', 'gatehouse-out'),
    door('door-gatehouse', 'gatehouse-out', 'gatehouse-inside'),
    ...chain('walk', 'walk-gatehouse', 'walk-gatehouse-cross', 'walk-gatehouse-north', 'plaza-south'),
    ...chain('walk', 'plaza-centre', 'plaza-west', 'office-a-out'),
    ...chain('walk', 'plaza-west', 'plaza-north-west', 'plaza-north'),
    ...chain('walk', 'plaza-south', 'plaza-west'),
    ...chain('walk', 'plaza-south', 'plaza-east', 'plaza-centre'),
    door('door-office-a', 'office-a-out', 'office-a-inside'),
    ...chain('walk', 'plaza-east', 'lab-out'),
    door('door-lab', 'lab-out', 'lab-inside'),
    ...chain('walk', 'plaza-north-west', 'canteen-walk', 'office-b-walk', 'office-b-out'),
    door('door-office-b', 'office-b-out', 'office-b-inside'),
    ...chain('walk', 'canteen-walk', 'terrace', 'canteen-out'),
    door('door-canteen', 'canteen-out', 'canteen-inside'),
    ...chain('walk', 'visitor-walk', 'avenue-walk-west', 'walk-cross', 'walk-gatehouse-north', 'avenue-walk-east'),
    ...chain('walk', 'avenue-walk-east', 'plaza-east'),
    ...chain('walk', 'avenue-walk-east', 'avenue-carpark', 'lab-corner', 'avenue-end', 'east-walk', 'east-walk-north'),
    ...chain('walk', 'avenue-carpark', 'carpark-cross', 'carpark-walk-north', 'carpark-walk', 'carpark-in'),
    ...chain('walk', 'east-walk-north', 'energy-apron', 'energy-out'),
    door('door-energy', 'energy-out', 'energy-inside'),
    ...chain('walk', 'energy-apron', 'lab-back', 'garden-east', 'garden-north', 'garden-west', 'garden-south'),
    ...chain('walk', 'garden-south', 'plaza-north'),
    ...chain('walk', 'avenue-end', 'east-cross', 'warehouse-walk', 'warehouse-out'),
    door('door-warehouse', 'warehouse-out', 'warehouse-inside'),
    ...chain('walk', 'warehouse-walk', 'warehouse-north', 'yard-gate-walk-out'),
    door('dock-gate', 'yard-gate-walk-out', 'yard-gate-walk-in'),
    ...chain('walk', 'yard-gate-walk-in', 'yard-west', 'dock-edge', 'dock-middle', 'dock-east', 'dock-door-out'),
    door('dock-door', 'dock-door-out', 'dock-door-inside'),
    ...chain('walk', 'fence-gap-out', 'fence-gap-in', 'dock-east'),
  ]
}

/** Indoor path nodes by building: where people go in and out of sight. */
export const insideNodes: Record<string, string> = {
  'office-a-inside': 'a1-lobby',
  'office-b-inside': 'b1-lobby',
  'lab-inside': 'lab-chem',
  'canteen-inside': 'canteen-hall',
  'energy-inside': 'plant-cooling',
  'warehouse-inside': 'wh-office',
  'dock-door-inside': 'wh-hall',
  'gatehouse-inside': 'guard-room',
}

export function campusPaths(): NonNullable<SiteInput['paths']> {
  const aisle = aisleEasts.map((east, i): [string, Corner] => [`aisle-${i + 1}`, [east, -66]])
  return {
    nodes: [...Object.entries(nodes), ...aisle].map(([id, at]) => {
      const zone = insideNodes[id]
      return zone === undefined ? { id, at } : { id, at, zone }
    }),
    edges: edges(),
  }
}
