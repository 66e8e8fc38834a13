import { mix, type Rgb, rgb } from './kit/mesh.ts'

export type SceneTheme = 'dark' | 'light'

/** Colours of the model and of its marks; `#rrggbb` in sRGB. Panels use the same accent and alarm tones. */
export interface ScenePalette {
  readonly theme: SceneTheme
  readonly table: string
  readonly backdropDay: string
  readonly backdropDusk: string
  readonly backdropNight: string
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
    table: '#262d35',
    backdropDay: '#3d4a56',
    backdropDusk: '#3b3440',
    backdropNight: '#0d131b',
    ...model,
    ...marks,
    accent: '#4fc3d9',
    ink: '#eef2f6',
  },
  light: {
    theme: 'light',
    table: '#ecebe7',
    backdropDay: '#e6edf2',
    backdropDusk: '#d9c8c2',
    backdropNight: '#3a4557',
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
