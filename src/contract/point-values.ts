import type { PointDescriptor, PointValue } from './messages.ts'

/** Hot arrays hold numbers: booleans are 0 and 1, enumerated words their index; NaN where it does not fit. */
export function numericFromValue(descriptor: PointDescriptor, value: PointValue): number {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  const index = descriptor.values?.indexOf(value) ?? -1
  return index >= 0 ? index : Number.NaN
}

/** The wire value that a number in a hot array stands for. */
export function valueFromNumeric(descriptor: PointDescriptor, value: number): PointValue {
  if (descriptor.values) return descriptor.values[value] ?? value
  if (isBooleanPoint(descriptor)) return value >= 0.5
  return value
}

const booleanKinds = new Set(['onOff', 'contact', 'motion', 'lock', 'siren', 'smoke'])

export function isBooleanPoint(descriptor: PointDescriptor): boolean {
  return descriptor.values === undefined && descriptor.unit === '' && booleanKinds.has(descriptor.kind)
}

/** Whether a reported value fulfils a commanded one: exact for words, within 1 % of range (or 0.5 % of value) for numbers. */
export function fulfils(descriptor: PointDescriptor, commanded: PointValue, reported: PointValue): boolean {
  const a = numericFromValue(descriptor, commanded)
  const b = numericFromValue(descriptor, reported)
  if (Number.isNaN(a) || Number.isNaN(b)) return commanded === reported
  if (descriptor.values || isBooleanPoint(descriptor)) return a === b
  const range =
    descriptor.min !== undefined && descriptor.max !== undefined ? descriptor.max - descriptor.min : Math.abs(a)
  return Math.abs(a - b) <= Math.max(range * 0.01, Math.abs(a) * 0.005, 1e-9)
}
