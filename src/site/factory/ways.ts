import { type CameraInput, type Corner, type GateInput, name, type SiteInput } from '../compose/shapes.ts'

export function factoryGates(): GateInput[] {
  return [
    { id: 'gate-main', kind: 'gate', from: [-5, -64], to: [5, -64], heightM: 2, opensInMs: 6000 },
    { id: 'dock-shutter-1', kind: 'rollerDoor', from: [70, 0], to: [70, 4], heightM: 4.2, opensInMs: 9000 },
    { id: 'dock-shutter-2', kind: 'rollerDoor', from: [70, 14], to: [70, 18], heightM: 4.2, opensInMs: 9000 },
    { id: 'dock-door', kind: 'door', from: [70, 24], to: [70, 25.2], heightM: 2.1, opensInMs: 1200 },
    { id: 'door-hall-1', kind: 'door', from: [-20, 18], to: [-20, 21], heightM: 3, opensInMs: 2500 },
    { id: 'door-hall-2', kind: 'door', from: [-20, -34], to: [-20, -31], heightM: 3, opensInMs: 2500 },
    { id: 'door-office', kind: 'door', from: [20, -46], to: [20, -44], heightM: 2.4, opensInMs: 1200 },
    { id: 'door-hazard', kind: 'door', from: [58, 44], to: [60, 44], heightM: 2.4, opensInMs: 2500 },
  ]
}

export function factoryCameras(): CameraInput[] {
  const lens = { widthPx: 320, heightPx: 192, hfovDeg: 72 }
  const camera = (
    id: string,
    en: string,
    zh: string,
    at: [number, number, number],
    headingDeg: number,
    zone: string,
  ): CameraInput => ({ id, name: name(en, zh), at, headingDeg, pitchDeg: -18, lens, fps: 8, zones: [zone] })
  return [
    camera('cam-dock', 'Dock camera', '月台摄像机', [88, 30, 6.5], 215, 'dock'),
    camera('cam-yard', 'Yard camera', '厂区摄像机', [14, 30, 6.5], 215, 'yard'),
    camera('cam-tanks', 'Tank farm camera', '储罐区摄像机', [20, 41, 5.5], 55, 'tank-farm'),
  ]
}

const nodes: Record<string, readonly [at: Corner, zone?: string]> = {
  'street-west': [[-118, -72]],
  'street-mid': [[0, -72]],
  'street-east': [[118, -72]],
  'gate-in': [[0, -58]],
  'yard-south': [[0, -24]],
  'yard-north': [[0, 32]],
  'dock-south': [[90, -24]],
  'dock-middle': [[88, 10]],
  'parking-in': [[70, -46]],
  'walk-west': [[-60, -66.5]],
  'walk-east': [[60, -66.5]],
  'walk-gate': [[-3, -66]],
  'walk-gate-in': [[-6, -60]],
  'walk-south': [[-17.5, -50]],
  'walk-hall-2': [[-17.5, -32.5]],
  'walk-hall-1': [[-17.5, 19.5]],
  'walk-office': [[10, -45]],
  'walk-dock': [[76, 20]],
  'in-hall-1': [[-24, 19.5], 'machining'],
  'in-hall-2': [[-24, -32.5], 'paint'],
  'in-office': [[24, -45], 'office-1'],
  'in-warehouse': [[66, 24.6], 'dispatch'],
}

export function factoryPaths(): NonNullable<SiteInput['paths']> {
  const way = (kind: 'walk' | 'drive', ...ids: string[]) =>
    ids.slice(1).map((b, i) => ({ a: ids[i] as string, b, kind }))
  const door = (a: string, b: string, gate: string, kind: 'walk' | 'drive' = 'walk') => ({ a, b, kind, gate })
  return {
    nodes: Object.entries(nodes).map(([id, [at, zone]]) => ({ id, at, ...(zone === undefined ? {} : { zone }) })),
    edges: [
      ...way('drive', 'street-west', 'street-mid', 'street-east'),
      door('street-mid', 'gate-in', 'gate-main', 'drive'),
      ...way('drive', 'gate-in', 'yard-south', 'yard-north'),
      ...way('drive', 'yard-south', 'dock-south', 'dock-middle'),
      ...way('drive', 'gate-in', 'parking-in'),
      ...way('walk', 'walk-west', 'walk-gate', 'walk-east'),
      door('walk-gate', 'walk-gate-in', 'gate-main'),
      ...way('walk', 'walk-gate-in', 'walk-south', 'walk-hall-2', 'walk-hall-1'),
      ...way('walk', 'walk-gate-in', 'walk-office', 'parking-in'),
      ...way('walk', 'walk-office', 'walk-dock'),
      door('walk-hall-1', 'in-hall-1', 'door-hall-1'),
      door('walk-hall-2', 'in-hall-2', 'door-hall-2'),
      door('walk-office', 'in-office', 'door-office'),
      door('walk-dock', 'in-warehouse', 'dock-door'),
    ],
  }
}

export const factoryLife: NonNullable<SiteInput['life']> = {
  entries: { walk: ['walk-west', 'walk-east'], drive: ['street-west', 'street-east'] },
  drives: [['street-west', 'gate-in', 'dock-middle', 'gate-in', 'street-east']],
  forklifts: [
    {
      id: 'forklift-1',
      round: [
        [74, 2],
        [80, 4],
        [81, 18],
        [74, 16],
        [80, 10],
        [74, 2],
      ],
    },
    {
      id: 'forklift-2',
      round: [
        [-14, 20],
        [10, 20],
        [16, 8],
        [10, -18],
        [-14, -30],
        [-14, 20],
      ],
    },
  ],
  intruder: {
    wayIn: [
      [108, 9.5],
      [94, 9.5],
      [78, 14],
    ],
    rounds: [
      [76, 4],
      [80, 10],
      [74, 20],
      [72, 24],
      [78, 14],
    ],
    wayOut: [
      [78, 12],
      [94, 9.5],
      [108, 9.5],
    ],
    door: 'dock-door',
    lights: 'dock-lights',
    siren: 'siren-yard',
  },
}
