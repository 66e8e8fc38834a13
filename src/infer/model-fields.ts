/** Pieces that all kinds of `model.json` share. */
import * as v from 'valibot'

export const text = v.pipe(v.string(), v.minLength(1), v.maxLength(400))
export const name = v.pipe(v.string(), v.minLength(1), v.maxLength(80))
export const size = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000))
export const unit = v.pipe(v.number(), v.minValue(0), v.maxValue(1))
export const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4096))

const file = v.pipe(v.string(), v.regex(/^[\w][\w.-]{0,120}\.onnx$/, 'must be a plain file name ending in .onnx'))
const bytes = v.pipe(v.number(), v.integer(), v.minValue(1))
/** Some tools print it in capitals. */
const sha256 = v.pipe(v.string(), v.toLowerCase(), v.regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits'))

/** An object of these fields and no others: one that is misspelt would be passed over in silence. */
export const only = <const E extends v.ObjectEntries>(entries: E) =>
  v.strictObject(entries, ({ expected, message }) => (expected === 'never' ? 'is unknown' : message))

export const common = {
  format: v.optional(v.literal('parkloop-model'), 'parkloop-model'),
  name,
  version: v.pipe(v.string(), v.maxLength(40)),
  /** File of the weights beside `model.json`. */
  file,
  bytes,
  sha256,
  licence: text,
  card: v.optional(text),
  /** Said for people: where the file was fetched, what it was trained by. */
  source: v.optional(v.string()),
  trainedBy: v.optional(v.string()),
}
