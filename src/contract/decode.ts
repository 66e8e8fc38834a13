import * as v from 'valibot'
import { err, ok, type Result } from '../platform/result.ts'

export interface CodecError {
  readonly code: 'tooLarge' | 'notJson' | 'invalid'
  /** Where, as `readings.2.values.power`, empty for the whole payload. */
  readonly path: string
  readonly message: string
}

/** No single message is larger; bigger ones are refused before they are parsed. */
export const maxPayloadBytes = 4 * 1024 * 1024

const textDecoder = new TextDecoder('utf-8', { fatal: true })

/** Bytes from the wire to a checked message, or a reason with a path. Never throws. */
export function decodeJson<S extends v.GenericSchema>(
  schema: S,
  payload: Uint8Array,
  maxBytes = maxPayloadBytes,
): Result<v.InferOutput<S>, CodecError> {
  if (payload.byteLength > maxBytes)
    return err({ code: 'tooLarge', path: '', message: `${payload.byteLength} bytes, at most ${maxBytes}` })
  let parsed: unknown
  try {
    parsed = JSON.parse(textDecoder.decode(payload))
  } catch (error) {
    return err({ code: 'notJson', path: '', message: error instanceof Error ? error.message : String(error) })
  }
  return validate(schema, parsed)
}

/** Checks a value that is already parsed. */
export function validate<S extends v.GenericSchema>(schema: S, value: unknown): Result<v.InferOutput<S>, CodecError> {
  const result = v.safeParse(schema, value, { abortEarly: true })
  if (result.success) return ok(result.output)
  const issue = deepest(result.issues[0])
  return err({ code: 'invalid', path: v.getDotPath(issue) ?? '', message: short(issue.message) })
}

/** A message repeats what it refuses, and that may be megabytes. */
function short(message: string): string {
  return message.length <= mostMessage ? message : `${message.slice(0, mostMessage)} …`
}

const mostMessage = 300

/** A union reports "no branch fits"; the branch that got furthest says why. */
function deepest(issue: v.BaseIssue<unknown>): v.BaseIssue<unknown> {
  let best = issue
  for (const inner of issue.issues ?? []) {
    const candidate = deepest(inner)
    if ((candidate.path?.length ?? 0) > (best.path?.length ?? 0)) best = candidate
  }
  return best
}

const textEncoder = new TextEncoder()

export function encodeJson(message: unknown): Uint8Array {
  return textEncoder.encode(JSON.stringify(message))
}
