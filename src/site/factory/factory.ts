/** Another trade: two production halls, a hazardous store, a tank farm and a dispatch yard, composed by hand. */
import { onKnownMeters, roomEquipment } from '../compose/room-heads.ts'
import { type Box, type BuildingInput, box, corners, name, type SiteInput, type ZoneInput } from '../compose/shapes.ts'
import { parseSite } from '../load.ts'
import type { SiteFile } from '../schema.ts'
import { factoryEquipment } from './equipment.ts'
import { factoryGround } from './ground.ts'
import { type FactoryBuilding, halls, shells } from './halls.ts'
import { factoryCameras, factoryGates, factoryLife, factoryPaths } from './ways.ts'

function buildings(): BuildingInput[] {
  return (Object.keys(halls) as FactoryBuilding[]).map((id) => {
    const { levels, levelM, ...shell } = shells[id]
    return {
      id,
      ...shell,
      footprint: corners(halls[id]),
      storeys: Array.from({ length: levels }, (_, i) => ({
        id: `f${i + 1}`,
        name: name(`Level ${i + 1}`, `${i + 1} 层`),
        baseM: i * levelM,
        heightM: levelM,
      })),
    }
  })
}

const shifts = { fromH: 6, toH: 22, days: [1, 2, 3, 4, 5, 6] }

function room(
  id: string,
  label: [string, string],
  kind: ZoneInput['kind'],
  building: FactoryBuilding,
  at: Box,
  capacity: number,
  more: Partial<ZoneInput> = {},
): ZoneInput {
  const inner = box(at.west + 0.3, at.south + 0.3, at.east - 0.3, at.north - 0.3)
  const { levelM } = shells[building]
  return {
    id,
    name: name(...label),
    kind,
    building,
    storey: 'f1',
    polygon: corners(inner),
    floorM: 0,
    heightM: levelM - 0.6,
    hours: shifts,
    capacity,
    conditioned: true,
    ...more,
  }
}

function zones(): ZoneInput[] {
  const { office } = halls
  const restricted = { access: 'restricted' } as const
  const outside = (
    id: string,
    label: [string, string],
    kind: ZoneInput['kind'],
    at: Box,
    more: Partial<ZoneInput> = {},
  ): ZoneInput => ({ id, name: name(...label), kind, polygon: corners(at), heightM: 3, capacity: 8, ...more })
  return [
    room('press-line', ['Press line', '冲压线'], 'production', 'hall-1', box(-80, 0, -44, 40), 22),
    room('machining', ['Machining', '机加工区'], 'production', 'hall-1', box(-44, 0, -20, 40), 16),
    room('assembly', ['Assembly line', '总装线'], 'production', 'hall-2', box(-80, -52, -40, -14), 34),
    room('paint', ['Paint shop', '涂装间'], 'production', 'hall-2', box(-40, -52, -20, -14), 8, restricted),
    room('dispatch', ['Dispatch store', '成品库'], 'storage', 'warehouse', box(20, -10, 70, 30), 10),
    room('compressors', ['Compressor room', '空压机房'], 'plant', 'utilities', box(-8, 38, 3, 56), 2, restricted),
    room('switchroom', ['Switch room', '配电室'], 'plant', 'utilities', box(3, 38, 14, 56), 1, restricted),
    room('solvents', ['Solvent store', '溶剂库'], 'hazard', 'hazard', box(52, 44, 61, 56), 1, {
      ...restricted,
      conditioned: false,
    }),
    room('gases', ['Gas store', '气瓶库'], 'hazard', 'hazard', box(61, 44, 70, 56), 1, {
      ...restricted,
      conditioned: false,
    }),
    ...[1, 2, 3].map((level) =>
      room(
        `office-${level}`,
        [`Works office ${level}`, `厂部 ${level} 层`],
        level === 1 ? 'lobby' : 'office',
        'office',
        office,
        level === 1 ? 10 : 18,
        { storey: `f${level}`, floorM: (level - 1) * 3.8, heightM: 3.2 },
      ),
    ),
    outside('dock', ['Loading dock', '装卸月台'], 'dock', box(70, -8, 84, 28), { ...restricted, hours: shifts }),
    outside('tank-farm', ['Tank farm', '储罐区'], 'outdoor', box(20, 42, 48, 58), { ...restricted, hours: shifts }),
    outside('yard', ['Works yard', '厂区场地'], 'outdoor', box(-18, -36, 18, 36), { access: 'staff', capacity: 20 }),
    outside('staff-parking', ['Staff parking', '员工停车场'], 'parking', box(52, -56, 90, -34), { access: 'public' }),
  ]
}

export function buildFactory(): SiteFile {
  const rooms = zones()
  const input: SiteInput = {
    format: 'parkloop-site',
    version: 1,
    id: 'factory',
    name: name('East Works', '东部工厂'),
    geo: { latitudeDeg: 30.9, longitudeDeg: 121.2, elevationM: 5, utcOffsetMinutes: 480, timeZone: 'Asia/Shanghai' },
    ground: factoryGround(),
    buildings: buildings(),
    zones: rooms,
    equipment: onKnownMeters([...factoryEquipment(), ...roomEquipment(rooms)]),
    cameras: factoryCameras(),
    gates: factoryGates(),
    paths: factoryPaths(),
    life: factoryLife,
    schedules: [
      {
        id: 'shifts',
        name: name('Two shifts', '两班制'),
        zones: ['press-line', 'machining', 'assembly', 'paint'],
        windows: [shifts],
        closed: ['2026-10-01', '2026-10-02'],
      },
    ],
    interlocks: [{ id: 'compressor-rest', type: 'minimumOffTime', classes: ['Compressor'], offMs: 300_000 }],
    tariff: {
      currency: 'CNY',
      bands: [
        {
          name: 'peak',
          pricePerKwh: 1.05,
          windows: [
            { fromH: 8, toH: 12 },
            { fromH: 17, toH: 21 },
          ],
        },
        { name: 'valley', pricePerKwh: 0.29, windows: [{ fromH: 0, toH: 8 }] },
        { name: 'flat', pricePerKwh: 0.62, windows: [{ fromH: 0, toH: 24 }] },
      ],
      demandPerKwMonth: 42,
      demandLimitKw: 900,
      exportPerKwh: 0.36,
    },
    comfort: { heatC: 18, coolC: 28, co2Ppm: 1200, pm25: 100 },
  }
  const parsed = parseSite(input)
  if (!parsed.ok) throw new Error(`factory: ${parsed.error.path}: ${parsed.error.message}`)
  return parsed.value
}
