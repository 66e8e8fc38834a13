/** Cards of shipped models carry their figures as a JSON block, so that a command can hold them to it. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { validate } from '../src/contract/decode.ts'
import type { ModelFiles } from '../src/infer/model-manifest.ts'
import { Refusal } from './refusal.ts'

const cardFigures = v.object({
  /** How far a figure may stray from the card's, as a share of it; small ones get `toleranceAbsolute`. */
  toleranceShare: v.number(),
  toleranceAbsolute: v.number(),
  figures: v.record(v.string(), v.number()),
})
export type CardFigures = v.InferOutput<typeof cardFigures>

export function modelFolder(folder: string): ModelFiles {
  return async (file) => new Uint8Array(await readFile(join(folder, file)))
}

/** The first JSON block of `card.md`. */
export async function readCard(folder: string): Promise<CardFigures> {
  const text = await readFile(join(folder, 'card.md'), 'utf8')
  const block = /```json\n([\s\S]*?)\n```/.exec(text)?.[1]
  if (block === undefined) throw new Refusal(`${folder}/card.md has no JSON block of figures`)
  const checked = validate(cardFigures, JSON.parse(block))
  if (!checked.ok) throw new Refusal(`${folder}/card.md: ${checked.error.path} ${checked.error.message}`)
  return checked.value
}

/** Names the figures that the card states and the measurement does not bear out. */
export function strayFigures(card: CardFigures, measured: Readonly<Record<string, number>>): string[] {
  return Object.entries(card.figures)
    .filter(([name, stated]) => {
      const found = measured[name]
      const allowed = Math.max(card.toleranceAbsolute, card.toleranceShare * Math.abs(stated))
      return found === undefined || !(Math.abs(found - stated) <= allowed)
    })
    .map(([name, stated]) => `${name}: card ${stated}, measured ${measured[name]}`)
}

export function flagValue(flags: readonly string[], name: string): string | undefined {
  const at = flags.indexOf(`--${name}`)
  const value = flags[at + 1]
  if (at >= 0 && (value === undefined || value.startsWith('--'))) throw new Refusal(`--${name} needs a value`)
  return at >= 0 ? value : undefined
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

export const rounded = (value: number, digits = 4): number => Number(value.toFixed(digits))
