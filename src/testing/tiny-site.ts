import { parseSite } from '../site/load.ts'
import type { SiteFile } from '../site/schema.ts'

/** The smallest park that has one of everything: a building, a dock, a meter, a lamp, a gate, a camera. */
export function tinySite(): SiteFile {
  const parsed = parseSite({
    format: 'parkloop-site',
    version: 1,
    id: 'tiny',
    name: { en: 'Tiny park', zh: '小园区' },
    geo: { latitudeDeg: 31.3, longitudeDeg: 120.6, utcOffsetMinutes: 480, timeZone: 'Asia/Shanghai' },
    ground: {
      boundary: [
        [-50, -50],
        [50, -50],
        [50, 50],
        [-50, 50],
      ],
    },
    buildings: [
      {
        id: 'hall',
        name: { en: 'Hall', zh: '大厅' },
        use: 'warehouse',
        footprint: [
          [0, 0],
          [20, 0],
          [20, 12],
          [0, 12],
        ],
        storeys: [{ id: 'ground', name: { en: 'Ground floor', zh: '一层' }, baseM: 0, heightM: 5 }],
      },
    ],
    zones: [
      {
        id: 'store',
        name: { en: 'Store', zh: '仓库' },
        kind: 'storage',
        building: 'hall',
        storey: 'ground',
        polygon: [
          [0, 0],
          [20, 0],
          [20, 12],
          [0, 12],
        ],
        heightM: 5,
        conditioned: true,
      },
      {
        id: 'dock',
        name: { en: 'Dock', zh: '装卸区' },
        kind: 'dock',
        polygon: [
          [0, -14],
          [20, -14],
          [20, 0],
          [0, 0],
        ],
        access: 'restricted',
        hours: { fromH: 6, toH: 20, days: [1, 2, 3, 4, 5] },
      },
    ],
    equipment: [
      {
        id: 'meter-site',
        name: { en: 'Site meter', zh: '总表' },
        class: 'Electrical_Meter',
        at: [-10, -10, 1],
        points: [{ id: 'power', kind: 'power', unit: 'kW' }],
      },
      {
        id: 'dock-lights',
        name: { en: 'Dock lights', zh: '装卸区照明' },
        class: 'Luminaire',
        zone: 'dock',
        at: [10, -4, 6],
        points: [{ id: 'on', kind: 'onOff', unit: '', writable: true, settleMs: 1000 }],
      },
      {
        id: 'dock-gate',
        name: { en: 'Dock gate', zh: '装卸区大门' },
        class: 'Gate',
        zone: 'dock',
        at: [10, -14, 0],
        points: [
          { id: 'position', kind: 'position', unit: '%', min: 0, max: 100 },
          { id: 'target', kind: 'setpoint', unit: '', values: ['open', 'closed'], writable: true, settleMs: 8000 },
        ],
      },
    ],
    cameras: [
      {
        id: 'cam-dock',
        name: { en: 'Dock camera', zh: '装卸区摄像机' },
        at: [10, 2, 5],
        headingDeg: 180,
        pitchDeg: -25,
        lens: { widthPx: 320, heightPx: 192, hfovDeg: 70 },
        zones: ['dock'],
      },
    ],
    gates: [{ id: 'dock-gate', kind: 'gate', from: [6, -14], to: [14, -14] }],
    tariff: {
      currency: 'CNY',
      demandPerKwMonth: 40,
      demandLimitKw: 100,
      bands: [
        { name: 'peak', pricePerKwh: 1.2, windows: [{ fromH: 10, toH: 15 }] },
        { name: 'valley', pricePerKwh: 0.3, windows: [{ fromH: 0, toH: 8 }] },
        { name: 'flat', pricePerKwh: 0.7, windows: [{ fromH: 0, toH: 24 }] },
      ],
    },
  })
  if (!parsed.ok) throw new Error(`${parsed.error.path}: ${parsed.error.message}`)
  return parsed.value
}
