import { type KitMesh, MeshBuilder, type Rgb, rgb, shade } from './mesh.ts'

/** Solids that stand for Brick classes; few families, so that each is one instanced draw. */
export const equipmentFamilies = [
  'cabinet',
  'meter',
  'sensor',
  'luminaire',
  'fanCoil',
  'airHandler',
  'chiller',
  'tower',
  'pump',
  'battery',
  'charger',
  'inverter',
  'sounder',
  'weather',
  'panel',
  'camera',
] as const
export type EquipmentFamily = (typeof equipmentFamilies)[number]

const rules: readonly (readonly [RegExp, EquipmentFamily])[] = [
  [/camera/i, 'camera'],
  [/weather/i, 'weather'],
  [/tower/i, 'tower'],
  [/chiller|heat_pump|boiler/i, 'chiller'],
  [/pump|valve|compressor/i, 'pump'],
  [/ahu|air_handl|rooftop|exhaust_fan/i, 'airHandler'],
  [/fcu|vav|fan|radiator/i, 'fanCoil'],
  [/battery/i, 'battery'],
  [/charging|charger|evse/i, 'charger'],
  [/inverter|pv|photovoltaic|solar/i, 'inverter'],
  [/lumin|light|lamp/i, 'luminaire'],
  [/sounder|siren|alarm/i, 'sounder'],
  [/panel|display|desk/i, 'panel'],
  [/meter/i, 'meter'],
  [/sensor|detector/i, 'sensor'],
]

/** The family of a Brick class; a plain cabinet for anything unheard of. Doors and gates have a layer of their own. */
export function equipmentFamily(brickClass: string): EquipmentFamily {
  return rules.find(([pattern]) => pattern.test(brickClass))?.[1] ?? 'cabinet'
}

const pale = rgb('#e9e7e0')
const grey = rgb('#b9bec2')
const dark = rgb('#4a5157')
const blue = rgb('#4f87b0')
const green = rgb('#4e9c74')
const amber = rgb('#d69b3c')

/** Standing on z = 0 (sensors and lamps: hanging around z = 0), front towards +y, metres. */
export function equipmentMesh(family: EquipmentFamily): KitMesh {
  const b = new MeshBuilder()
  switch (family) {
    case 'cabinet':
      cabinet(b, 0.8, 0.5, 1.5, grey, dark)
      break
    case 'meter':
      b.box([0, 0, -0.3], [0.5, 0.22, 0.7], pale)
      b.box([0, 0.12, 0], [0.32, 0.03, 0.22], dark)
      break
    case 'sensor':
      b.tube([0, 0, -0.09], [0, 0, 0.09], 0.24, 0.2, pale, 10, true)
      b.tube([0, 0, -0.16], [0, 0, -0.09], 0.1, 0.14, blue, 8, true)
      break
    case 'luminaire':
      b.box([0, 0, -0.08], [1.5, 0.5, 0.12], grey)
      b.box([0, 0, -0.12], [1.36, 0.4, 0.05], rgb('#fff6da'))
      break
    case 'fanCoil':
      b.box([0, 0, -0.35], [1.3, 0.7, 0.36], pale)
      b.box([0, 0.36, -0.28], [1.1, 0.04, 0.2], dark)
      break
    case 'airHandler':
      airHandler(b)
      break
    case 'chiller':
      chiller(b)
      break
    case 'tower':
      tower(b)
      break
    case 'pump':
      b.box([0, 0, 0], [0.8, 1.7, 0.15], dark)
      b.tube([0, -0.6, 0.55], [0, 0.35, 0.55], 0.3, 0.3, blue, 10, true)
      b.tube([0, 0.35, 0.55], [0, 0.7, 0.55], 0.42, 0.42, grey, 10, true)
      b.tube([0, 0.52, 0.55], [0, 0.52, 1.3], 0.15, 0.15, grey, 8, true)
      break
    case 'battery':
      container(b)
      break
    case 'charger':
      b.box([0, 0, 0], [0.42, 0.3, 1.55], pale)
      b.box([0, 0.16, 1.02], [0.3, 0.03, 0.3], dark)
      b.box([0, 0, 1.55], [0.42, 0.3, 0.07], green)
      b.tube([0.22, 0.05, 0.9], [0.3, 0.2, 0.3], 0.03, 0.03, dark, 5)
      break
    case 'inverter':
      cabinet(b, 1, 0.45, 1.1, pale, amber)
      break
    case 'sounder':
      b.tube([0, 0, -0.12], [0, 0, 0.12], 0.2, 0.2, rgb('#c8453c'), 10, true)
      b.tube([0, 0, 0.12], [0, 0, 0.3], 0.13, 0.05, rgb('#e8e2d8'), 8, true)
      break
    case 'weather':
      weather(b)
      break
    case 'panel':
      b.box([0, 0, -1], [1.6, 0.7, 0.75], pale)
      b.box([0, 0.1, -0.22], [0.9, 0.06, 0.5], dark)
      break
    case 'camera':
      b.box([0, 0.12, -0.1], [0.26, 0.62, 0.24], pale)
      b.tube([0, 0.42, 0.02], [0, 0.52, 0.02], 0.1, 0.11, dark, 8, true)
      b.box([0, 0.16, 0.14], [0.32, 0.74, 0.04], grey)
      break
  }
  return b.build()
}

function cabinet(b: MeshBuilder, width: number, depth: number, height: number, body: Rgb, accent: Rgb): void {
  b.box([0, 0, 0], [width, depth, height], body)
  b.box([0, depth / 2, height * 0.62], [width * 0.6, 0.03, height * 0.22], accent)
}

function airHandler(b: MeshBuilder): void {
  for (const x of [-0.9, 0.9]) b.box([x, 0, 0], [0.14, 4.4, 0.25], dark)
  b.box([0, 0, 0.25], [2.1, 4.6, 1.7], pale)
  for (const y of [-0.75, 0.8]) b.box([0, y, 0.22], [2.14, 0.06, 1.76], grey)
  b.box([1.06, -1.5, 0.6], [0.03, 1.1, 1], shade(dark, 1.3))
  b.box([0, 2.6, 0.55], [1.3, 0.9, 1.1], grey)
  b.tube([0, -1.5, 1.95], [0, -1.5, 2.15], 0.62, 0.62, dark, 12, true)
}

function chiller(b: MeshBuilder): void {
  b.box([0, 0, 0], [1.7, 3.8, 0.25], dark)
  b.tube([-0.4, -1.7, 0.75], [-0.4, 1.7, 0.75], 0.42, 0.42, blue, 12, true)
  b.tube([0.42, -1.7, 0.68], [0.42, 1.7, 0.68], 0.36, 0.36, grey, 12, true)
  b.box([0.1, -0.5, 1.15], [0.9, 1.3, 0.7], pale)
  b.box([0.5, 1.2, 0.95], [0.5, 0.8, 1], pale)
  b.tube([-0.4, 1.7, 0.75], [-0.4, 2.1, 0.75], 0.16, 0.16, grey, 8, true)
}

function tower(b: MeshBuilder): void {
  b.box([0, 0, 0], [2.7, 2.7, 0.3], dark)
  b.box([0, 0, 0.3], [2.6, 2.6, 1.9], pale)
  for (const z of [0.55, 0.9, 1.25, 1.6]) b.box([0, 0, z], [2.66, 2.2, 0.14], shade(grey, 0.75))
  b.tube([0, 0, 2.2], [0, 0, 2.75], 1.05, 0.95, grey, 16)
  b.tube([0, 0, 2.45], [0, 0, 2.5], 0.93, 0.93, dark, 16, true)
}

function container(b: MeshBuilder): void {
  b.box([0, 0, 0], [2.4, 6, 0.2], dark)
  b.box([0, 0, 0.2], [2.3, 5.9, 2.3], pale)
  for (let i = 0; i < 6; i++) b.box([1.17, -2.4 + i * 0.96, 0.35], [0.03, 0.84, 2], grey)
  b.box([1.19, 0, 1.5], [0.03, 5.6, 0.16], green)
  for (const y of [-1.6, 1.6]) b.box([0, y, 2.5], [1.5, 1.4, 0.3], grey)
}

function weather(b: MeshBuilder): void {
  b.tube([0, 0, -3], [0, 0, 0.4], 0.06, 0.05, grey, 6)
  b.tube([-0.5, 0, 0.1], [0.5, 0, 0.1], 0.03, 0.03, grey, 5)
  b.tube([-0.5, 0, 0.05], [-0.5, 0, 0.45], 0.14, 0.14, pale, 8, true)
  b.ellipsoid([0.5, 0, 0.25], [0.16, 0.16, 0.1], pale, 8, 5)
}

/** A mast that carries a camera at height 1; instances stretch it. */
export function mastMesh(): KitMesh {
  const b = new MeshBuilder()
  b.tube([0, 0, 0], [0, 0, 1], 0.09, 0.06, grey, 6)
  return b.build()
}
