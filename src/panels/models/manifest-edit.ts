/** A model's description as text, and the few fields of it that people change most, without a schema: the worker checks. */

type Json = Record<string, unknown>

export const scalings = ['unit', 'bytes', 'imageNet', 'nanoDet'] as const
export type Scaling = (typeof scalings)[number]

export const fittings = ['topLeft', 'centre', 'stretch'] as const
export type Fitting = (typeof fittings)[number]

/** Layouts that need no more than the name of one output; the others are corrected in the text. */
export const simpleLayouts = ['decoded', 'yolox-grid', 'yolov5', 'yolov8', 'end-to-end'] as const

export interface QuickFields {
  readonly layout: string
  readonly channelOrder: string
  /** Undefined where the numbers are none of the usual ones. */
  readonly scaling: Scaling | undefined
  readonly fitting: Fitting
  readonly boxUnit: string
  /** Words of the model and what they are here: `bus = truck` a line; `bus =` is dropped. */
  readonly classMap: string
}

const styles: Readonly<Record<Scaling, Json>> = {
  unit: { scale: 1 / 255, mean: [0, 0, 0], std: [1, 1, 1] },
  bytes: { scale: 1, mean: [0, 0, 0], std: [1, 1, 1] },
  imageNet: { scale: 1 / 255, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  nanoDet: { scale: 1, mean: [103.53, 116.28, 123.675], std: [57.375, 57.12, 58.395] },
}

function parse(text: string): { manifest: Json; input: Json; output: Json } | undefined {
  try {
    const manifest = record(JSON.parse(text))
    return manifest && { manifest, input: record(manifest.input) ?? {}, output: record(manifest.output) ?? {} }
  } catch {
    return undefined
  }
}

function record(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined
}

/** Undefined while the text is not JSON. */
export function quickFields(text: string): QuickFields | undefined {
  const parsed = parse(text)
  if (!parsed) return undefined
  const { manifest, input, output } = parsed
  const numbers = JSON.stringify([input.scale, input.mean, input.std])
  const letterbox = record(input.letterbox)
  return {
    layout: String(output.layout),
    channelOrder: String(input.channelOrder ?? 'RGB'),
    scaling: scalings.find((name) => JSON.stringify(Object.values(styles[name])) === numbers),
    fitting: input.letterbox === null ? 'stretch' : letterbox?.align === 'centre' ? 'centre' : 'topLeft',
    boxUnit: String(output.boxUnit ?? 'input'),
    classMap: Object.entries(record(manifest.classMap) ?? {})
      .map(([theirs, ours]) => `${theirs} =${ours === null ? '' : ` ${String(ours)}`}`)
      .join('\n'),
  }
}

/** The text with these fields changed; unchanged where it is not JSON. */
export function withQuickFields(text: string, change: Partial<QuickFields>): string {
  const parsed = parse(text)
  if (!parsed) return text
  const { manifest } = parsed
  let { input, output } = parsed
  if (change.layout !== undefined) {
    // Whether boxes are suppressed is the layout's own affair: none of one that did it itself would be for another.
    const { nmsIou: _, ...rest } = output
    output = { ...rest, layout: change.layout }
  }
  if (change.boxUnit !== undefined) output = { ...output, boxUnit: change.boxUnit }
  if (change.channelOrder !== undefined) input = { ...input, channelOrder: change.channelOrder }
  if (change.scaling !== undefined) input = { ...input, ...styles[change.scaling] }
  if (change.fitting !== undefined)
    input = { ...input, letterbox: change.fitting === 'stretch' ? null : { fill: 114, align: change.fitting } }
  const classMap = change.classMap === undefined ? {} : { classMap: classMapOf(change.classMap) }
  return JSON.stringify({ ...manifest, ...classMap, input, output }, null, 2)
}

function classMapOf(lines: string): Record<string, string | null> {
  return Object.fromEntries(
    lines.split('\n').flatMap((line): [string, string | null][] => {
      const [theirs = '', ours = ''] = line.split('=').map((word) => word.trim())
      return theirs === '' ? [] : [[theirs, ours === '' ? null : ours]]
    }),
  )
}
