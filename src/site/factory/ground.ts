import { box, type Corner, corners, type GroundInput } from '../compose/shapes.ts'

function row(from: Corner, to: Corner, count: number): NonNullable<GroundInput['trees']> {
  return Array.from({ length: count }, (_, i) => ({
    at: [from[0] + ((to[0] - from[0]) * i) / (count - 1), from[1] + ((to[1] - from[1]) * i) / (count - 1)],
    heightM: 7 + (i % 3),
    species: i % 4 === 0 ? 'conifer' : 'broadleaf',
  }))
}

export function factoryGround(): GroundInput {
  return {
    boundary: corners(box(-92, -64, 96, 64)),
    roads: [
      {
        id: 'street',
        centreline: [
          [-120, -72],
          [120, -72],
        ],
        widthM: 10,
        lanes: 2,
      },
      {
        id: 'entry',
        centreline: [
          [0, -67],
          [0, 34],
        ],
        widthM: 9,
        lanes: 2,
      },
      {
        id: 'dock-road',
        centreline: [
          [4.5, -24],
          [90, -24],
          [90, 36],
          [4.5, 36],
        ],
        widthM: 8,
        lanes: 2,
      },
    ],
    pavements: [
      { id: 'dock-apron', polygon: corners(box(70.2, -8, 84, 28)) },
      { id: 'west-walk', polygon: corners(box(-19.5, -52, -16, 40)) },
      { id: 'east-walk', polygon: corners(box(8, -52, 12, -29)) },
      { id: 'tank-slab', polygon: corners(box(20, 42, 48, 58)) },
    ],
    parking: [
      { id: 'bays-staff', at: [70, -52], headingDeg: 180, bays: 14 },
      { id: 'bays-visitor', at: [30, -33], headingDeg: 0, bays: 6 },
    ],
    lawns: [
      { id: 'west-green', polygon: corners(box(-90, -62, -82, 60)) },
      { id: 'north-green', polygon: corners(box(-80, 44, -12, 60)) },
      { id: 'south-green', polygon: corners(box(-80, -62, -8, -54)) },
    ],
    trees: [...row([-86, -58], [-86, 56], 16), ...row([-76, 52], [-16, 52], 9), ...row([-76, -58], [-14, -58], 9)],
    fences: [
      {
        id: 'fence-south-west',
        line: [
          [-92, -64],
          [-5, -64],
        ],
        heightM: 2,
      },
      {
        id: 'fence-south-east',
        line: [
          [5, -64],
          [96, -64],
        ],
        heightM: 2,
      },
      {
        id: 'fence-rest',
        line: [
          [96, -64],
          [96, 8],
        ],
        heightM: 2,
      },
      {
        id: 'fence-north',
        line: [
          [96, 11],
          [96, 64],
          [-92, 64],
          [-92, -64],
        ],
        heightM: 2,
      },
    ],
  }
}
