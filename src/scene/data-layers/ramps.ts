/**
 * Colour scales. Every one of them rises or falls in lightness along its whole length or, where it has a middle that
 * means "well", towards both ends, so that people who do not tell red from green read them too, and so does a grey print.
 */
export const rampNames = ['thermal', 'air', 'dust', 'water', 'people', 'comfort', 'load', 'age'] as const
export type RampName = (typeof rampNames)[number]

type Stop = readonly [red: number, green: number, blue: number]

/** Stops at equal distances, display values 0…255. */
const stops: Readonly<Record<RampName, readonly Stop[]>> = {
  thermal: [
    hex('#1b4f9c'),
    hex('#4a93cf'),
    hex('#bcdcea'),
    hex('#f5ead0'),
    hex('#f2b36b'),
    hex('#d9612f'),
    hex('#8f1f1a'),
  ],
  air: [hex('#d6f1ea'), hex('#b4dfc4'), hex('#e8cf76'), hex('#e0954a'), hex('#b74a52'), hex('#5d1d58')],
  dust: [hex('#f4efe2'), hex('#dcc79b'), hex('#bb935a'), hex('#8c6238'), hex('#573522'), hex('#2b1a14')],
  water: [hex('#f1ead2'), hex('#bfdcc6'), hex('#77bfc3'), hex('#3d8fb3'), hex('#27598f'), hex('#1c2b5e')],
  people: [hex('#26325f'), hex('#3c5fa0'), hex('#3d93a9'), hex('#5fc09a'), hex('#b7de78'), hex('#fbf0a0')],
  comfort: [hex('#1c4fa1'), hex('#6aa9db'), hex('#cde6c6'), hex('#f1b072'), hex('#b4442a')],
  load: [hex('#20365e'), hex('#2f6a94'), hex('#4fa7a0'), hex('#b3cf6e'), hex('#f6e26b'), hex('#fff7c2')],
  age: [hex('#5cc6c0'), hex('#4a95b8'), hex('#5a66a8'), hex('#7a3f86'), hex('#7d1f4f')],
}

function hex(color: string): Stop {
  const at = (from: number) => Number.parseInt(color.slice(from, from + 2), 16)
  return [at(1), at(3), at(5)]
}

/** Display colour at `share` 0…1, each 0…255. */
export function rampColor(name: RampName, share: number): Stop {
  const list = stops[name]
  const place = Math.max(0, Math.min(1, share)) * (list.length - 1)
  const at = Math.min(list.length - 2, Math.floor(place))
  const [a, b] = [list[at] as Stop, list[at + 1] as Stop]
  const part = place - at
  const mix = (i: 0 | 1 | 2) => Math.round(a[i] + (b[i] - a[i]) * part)
  return [mix(0), mix(1), mix(2)]
}

export function rampCss(name: RampName): string {
  const list = stops[name]
  const parts = list.map(([r, g, b], i) => `rgb(${r} ${g} ${b}) ${((i / (list.length - 1)) * 100).toFixed(1)}%`)
  return `linear-gradient(90deg, ${parts.join(', ')})`
}

export const rampTexels = 128

/** One row of `rampTexels` RGBA texels for the GPU. */
export function rampRow(name: RampName): Uint8Array {
  const row = new Uint8Array(rampTexels * 4)
  for (let i = 0; i < rampTexels; i++) row.set([...rampColor(name, i / (rampTexels - 1)), 255], i * 4)
  return row
}
