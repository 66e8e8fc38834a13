import type { PointDescriptor } from '../../contract/messages.ts'

const harmlessClasses = new Set(['Luminaire', 'Operator_Panel', 'FCU'])

/** Whether a hand-made change deserves a second look: anything that moves, locks, sounds or cuts power. */
export function isRisky(brickClass: string, descriptor: PointDescriptor): boolean {
  if (['lock', 'siren', 'position'].includes(descriptor.kind)) return true
  if (harmlessClasses.has(brickClass)) return false
  return descriptor.kind === 'onOff' || descriptor.kind === 'mode'
}

/** A step that suits the range: about a hundred of them, in 1, 2, 5 of a power of ten. */
export function stepOf(min: number, max: number): number {
  const raw = (max - min) / 100
  if (!(raw > 0)) return 1
  const scale = 10 ** Math.floor(Math.log10(raw))
  const head = raw / scale
  return (head <= 1 ? 1 : head <= 2 ? 2 : head <= 5 ? 5 : 10) * scale
}
