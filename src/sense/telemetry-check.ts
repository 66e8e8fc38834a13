/**
 * Checks telemetry by hand, six times as fast as the schema or more. It only ever says “certainly valid”: whatever it does
 * not recognise goes to the schema, which alone decides and names the reason (a property test holds the two together).
 */
import type { Reading } from '../contract/messages.ts'

const maxReadings = 10_000
const earliestMs = 946_684_800_000
const latestMs = 4_102_444_800_000

/** The readings of a message in order, or undefined where the schema must look. */
export function readingsOf(message: unknown): readonly Reading[] | undefined {
  if (isReading(message)) return [message]
  if (!isPlain(message) || !Array.isArray(message.readings)) return undefined
  const readings: readonly unknown[] = message.readings
  return readings.length <= maxReadings && allReadings(readings) ? readings : undefined
}

function allReadings(readings: readonly unknown[]): readings is readonly Reading[] {
  for (let i = 0; i < readings.length; i++) if (!isReading(readings[i])) return false
  return true
}

function isReading(value: unknown): value is Reading {
  if (!isPlain(value)) return false
  const at = value.at
  if (typeof at !== 'number' || !(at >= earliestMs && at <= latestMs)) return false
  const values = value.values
  if (!isPlain(values)) return false
  for (const key in values) if (!isSafeId(key) || !isPointValue(values[key])) return false
  const quality = value.quality
  if (quality === undefined) return true
  if (!isPlain(quality)) return false
  for (const key in quality) if (!isSafeId(key) || !isQuality(quality[key])) return false
  return true
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isPointValue(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  return typeof value === 'boolean' || (typeof value === 'string' && value.length <= 64)
}

function isQuality(value: unknown): boolean {
  return value === 'good' || value === 'uncertain' || value === 'bad'
}

/** Same as the contract's id, minus the words that objects reserve, which the schema treats in its own way. */
function isSafeId(key: string): boolean {
  const length = key.length
  if (length < 1 || length > 64 || key === 'constructor' || key === 'prototype') return false
  for (let i = 0; i < length; i++) {
    const code = key.charCodeAt(i)
    const alphanumeric = (code >= 97 && code <= 122) || (code >= 48 && code <= 57)
    if (!alphanumeric && (i === 0 || (code !== 45 && code !== 46 && code !== 95))) return false
  }
  return true
}
