import { mix, type Rgb, rgb } from './kit/mesh.ts'

export type SceneTheme = 'dark' | 'light'

/** Colours of the model and of its marks; `#rrggbb` in sRGB. Panels use the same accent and alarm tones. */
export interface ScenePalette {
  readonly theme: SceneTheme
  /** What surrounds the model at each hour; it changes from one to the next. */
  readonly around: Readonly<Record<'day' | 'dusk' | 'night', Surroundings>>
  readonly plate: string
  readonly plateSide: string
  readonly lawn: string
  readonly road: string
  readonly marking: string
  readonly kerb: string
  readonly pavement: string
  readonly bay: string
  readonly water: string
  readonly paper: string
  readonly roof: string
  readonly steel: string
  readonly pv: string
  readonly glass: string
  readonly timber: string
  readonly accent: string
  readonly critical: string
  readonly high: string
  readonly medium: string
  readonly low: string
  readonly good: string
  readonly offline: string
  readonly ink: string
}

export interface Surroundings {
  readonly skyTop: string
  readonly skyLow: string
  /** The table on which the model stands. */
  readonly table: string
  /** The sky low above the place where the sun has set. */
  readonly glow: string
}

const model = {
  plate: '#cfcbc1',
  plateSide: '#b8a78c',
  lawn: '#a4b08b',
  road: '#7f8285',
  marking: '#f3f1ea',
  kerb: '#dfdbd1',
  pavement: '#d0ccc2',
  bay: '#8d9093',
  water: '#6f9fae',
  paper: '#f4f2ec',
  roof: '#dfddd6',
  steel: '#a9aeb2',
  pv: '#1f2f4a',
  glass: '#6f8896',
  timber: '#c3a27a',
} as const

/** One accent; colour otherwise only for meaning. */
const marks = {
  critical: '#ff5a55',
  high: '#ffa552',
  medium: '#efcb55',
  low: '#86b1e0',
  good: '#63cd95',
  offline: '#8a929b',
} as const

export const scenePalettes: Readonly<Record<SceneTheme, ScenePalette>> = {
  dark: {
    theme: 'dark',
    around: {
      day: { skyTop: '#35424e', skyLow: '#45535f', table: '#262d35', glow: '#7a6a5c' },
      dusk: { skyTop: '#161d38', skyLow: '#3d3a55', table: '#1c2030', glow: '#7f5852' },
      night: { skyTop: '#070c17', skyLow: '#16223a', table: '#0e1420', glow: '#3a2f3c' },
    },
    ...model,
    ...marks,
    accent: '#4fc3d9',
    ink: '#eef2f6',
  },
  light: {
    theme: 'light',
    around: {
      day: { skyTop: '#cfdde8', skyLow: '#eff3f5', table: '#ecebe7', glow: '#f3dfc9' },
      dusk: { skyTop: '#7f90bf', skyLow: '#cfc3cf', table: '#b3b3c6', glow: '#ffc39a' },
      night: { skyTop: '#2c3c62', skyLow: '#7d8eb4', table: '#5f6d8c', glow: '#a893a8' },
    },
    ...model,
    ...marks,
    accent: '#0a8ba3',
    ink: '#1a232c',
  },
}

/** A façade's own colour, drawn towards the paper of the model so that a park reads as one piece. */
export function facadeTone(palette: ScenePalette, color: string | undefined, share = 0.5): Rgb {
  const paper = rgb(palette.paper)
  return color === undefined ? paper : mix(paper, rgb(color), share)
}
