/**
 * What the values of well-known point kinds mean, so that rules speak of "closed" and "locked" rather than of one
 * maker's words. Conventions of the wire: a contact, lock, siren or onOff of `true` is open, locked, sounding, on;
 * a position runs from `min` closed to `max` open; a dimming from `min` dark to `max` full; a battery's power is
 * positive while it charges.
 */
import type { PointDescriptor, PointValue } from './messages.ts'

const closedWords = ['closed', 'close', 'shut', 'down']
const openWords = ['open', 'opened', 'up']
const lockedWords = ['locked', 'lock', 'secured']
const unlockedWords = ['unlocked', 'unlock', 'released', 'free']
const onWords = ['on', 'manual', 'run', 'running', 'heat', 'cool', 'forced', 'hand', 'full']
const offWords = ['off', 'stop', 'stopped', 'standby']
const chargeWords = ['charge', 'charging']
const dischargeWords = ['discharge', 'discharging']

/** Whether a door, gate or contact is open by this value; undefined where the value does not tell. */
export function isOpen(descriptor: PointDescriptor, value: PointValue): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (typeof value === 'string') return fromWords(value, openWords, closedWords)
  const min = descriptor.min ?? 0
  const max = descriptor.max ?? (descriptor.unit === '%' ? 100 : 1)
  return value - min > (max - min) * 0.05
}

export function isLocked(value: PointValue): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (typeof value === 'number') return value >= 0.5
  return fromWords(value, lockedWords, unlockedWords)
}

/** Whether equipment is made to run by this value; `auto` is neither on nor off. */
export function isRunning(value: PointValue): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (typeof value === 'number') return value > 0
  return fromWords(value, onWords, offWords)
}

export type BatteryDirection = 'charge' | 'discharge' | 'idle'

export function batteryDirection(value: PointValue): BatteryDirection {
  if (typeof value === 'number') return value > 0 ? 'charge' : value < 0 ? 'discharge' : 'idle'
  if (typeof value === 'string' && chargeWords.includes(value)) return 'charge'
  return typeof value === 'string' && dischargeWords.includes(value) ? 'discharge' : 'idle'
}

export function closedValue(descriptor: PointDescriptor): PointValue | undefined {
  return wordOf(descriptor, closedWords) ?? extreme(descriptor, 'min')
}

export function lockValue(descriptor: PointDescriptor, locked: boolean): PointValue | undefined {
  if (descriptor.values) return wordOf(descriptor, locked ? lockedWords : unlockedWords)
  return locked
}

export function switchValue(descriptor: PointDescriptor, on: boolean): PointValue | undefined {
  if (descriptor.values) return wordOf(descriptor, on ? onWords : offWords)
  if (descriptor.max !== undefined || descriptor.unit === '%') return extreme(descriptor, on ? 'max' : 'min')
  return on
}

/** The point's own word for one of `words`, in order of preference. */
export function wordOf(descriptor: PointDescriptor, words: readonly string[]): string | undefined {
  return words.find((word) => descriptor.values?.includes(word))
}

export const dischargeWord = (descriptor: PointDescriptor): string | undefined => wordOf(descriptor, dischargeWords)

function extreme(descriptor: PointDescriptor, end: 'min' | 'max'): number | undefined {
  if (descriptor.values) return undefined
  if (end === 'min') return descriptor.min ?? 0
  return descriptor.max ?? (descriptor.unit === '%' ? 100 : 1)
}

function fromWords(value: string, yes: readonly string[], no: readonly string[]): boolean | undefined {
  if (yes.includes(value)) return true
  return no.includes(value) ? false : undefined
}

/** Kilowatts in one of a unit of power. */
export const kwPerUnit: ReadonlyMap<string, number> = new Map([
  ['W', 0.001],
  ['kW', 1],
  ['MW', 1000],
])
