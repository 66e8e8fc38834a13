import type { SiteInput } from '../compose/shapes.ts'

/** Who comes from where; the stranger takes a gap in the east fence to the dock's side door. */
export const campusLife: SiteInput['life'] = {
  entries: { walk: ['walk-street-west', 'walk-street-east'], drive: ['street-west', 'street-east'] },
  intruder: {
    wayIn: [
      [105.6, 2.5],
      [93.4, 1.4],
      [92.75, -4.2],
    ],
    rounds: [
      [92.75, -4.2],
      [90.2, -3.4],
      [86.6, -2.2],
      [83, -3.6],
      [81.6, -0.4],
      [84.4, 2.2],
      [88.2, 1.2],
      [91, -1.4],
    ],
    wayOut: [
      [95.5, 1.8],
      [104.5, 2.5],
      [110, 2.5],
      [122, 3.5],
    ],
    gate: 'dock-gate',
    door: 'dock-door',
    lights: 'dock-lights',
    siren: 'siren-yard',
  },
}
