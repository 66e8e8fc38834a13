import type { Intent } from '../contract/decision.ts'
import type { PointDescriptor, PointValue } from '../contract/messages.ts'
import { isBooleanPoint } from '../contract/point-values.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { type ActDevice, type DeviceView, pointOf } from './device-view.ts'

/** `automation` carries out plans that a person or the site's policy approved. */
export type Role = 'viewer' | 'operator' | 'manager' | 'automation'

/** An operator switches lights and doors; plant, power and sirens are a manager's. */
const managersClasses = /chiller|boiler|switch|breaker|battery|siren|sounder/i

export type RefusalCode =
  | 'role'
  | 'forceNeedsManager'
  | 'unknownDevice'
  | 'unknownPoint'
  | 'notWritable'
  | 'wrongType'
  | 'notAFiniteNumber'
  | 'outOfRange'
  | 'notAnAcceptedWord'

export interface Target {
  readonly device: ActDevice
  readonly descriptor: PointDescriptor
}

/** Who may ask, and whether what is asked exists and fits the point. Says nothing of whether it is wise. */
export function checkIntent(view: DeviceView, intent: Intent, role: Role): Result<Target, RefusalCode> {
  if (role === 'viewer') return err('role')
  if (intent.force && role !== 'manager') return err('forceNeedsManager')
  const device = view.device(intent.device)
  if (!device) return err('unknownDevice')
  if (role === 'operator' && managersClasses.test(device.birth.class)) return err('role')
  const descriptor = pointOf(device, intent.point)
  if (!descriptor) return err('unknownPoint')
  if (!descriptor.writable) return err('notWritable')
  const misfit = misfitOf(descriptor, intent.value)
  return misfit ? err(misfit) : ok({ device, descriptor })
}

function misfitOf(descriptor: PointDescriptor, value: PointValue): RefusalCode | undefined {
  if (descriptor.values) {
    if (typeof value !== 'string') return 'wrongType'
    return descriptor.values.includes(value) ? undefined : 'notAnAcceptedWord'
  }
  if (typeof value === 'boolean') return isBooleanPoint(descriptor) ? undefined : 'wrongType'
  if (typeof value === 'string') return descriptor.kind === 'message' ? undefined : 'wrongType'
  if (isBooleanPoint(descriptor) || descriptor.kind === 'message') return 'wrongType'
  if (!Number.isFinite(value)) return 'notAFiniteNumber'
  const tooLow = descriptor.min !== undefined && value < descriptor.min
  const tooHigh = descriptor.max !== undefined && value > descriptor.max
  return tooLow || tooHigh ? 'outOfRange' : undefined
}
