import { type Incident, mostPlanSteps, type Plan, type PlanStep } from '../../contract/decision.ts'
import type { LocalText, PointDescriptor, PointValue } from '../../contract/messages.ts'
import type { BandBreak } from '../../contract/perception.ts'
import { fulfils } from '../../contract/point-values.ts'
import type { DemandRisk } from '../energy-evidence.ts'
import { isReliable, type KnownDevice, type ParkView, type PointSample, pointOfKind } from '../park-view.ts'

export interface PlaybookContext {
  readonly view: ParkView
  readonly devices: readonly KnownDevice[]
  readonly incident: Incident
  readonly nowMs: number
  readonly bandBreak: BandBreak | undefined
  readonly demandRisk: DemandRisk | undefined
  /** Devices that earlier plans of this incident hold back. */
  readonly held: ReadonlySet<string>
}

/** What a playbook proposes; the decider gives it id and state. */
export interface PlanDraft {
  readonly playbook: string
  readonly title: LocalText
  readonly reason: LocalText
  readonly steps: readonly PlanStep[]
  readonly expected: Plan['expected']
}

/**
 * Gathers steps: those already fulfilled, those of devices that are away and those that a plan cannot hold are left out
 * and counted.
 */
export class StepList {
  readonly steps: PlanStep[] = []
  readonly offline = new Set<string>()
  fulfilledCount = 0
  leftOutCount = 0
  readonly #view: ParkView
  readonly #most: number

  constructor(view: ParkView, most = mostPlanSteps) {
    this.#view = view
    this.#most = most
  }

  /** Does nothing where the point has no such value. */
  add(device: KnownDevice, point: PointDescriptor | undefined, value: PointValue | undefined, reason: LocalText): void {
    if (!point?.writable || value === undefined) return
    if (device.online === false) {
      this.offline.add(device.id)
      return
    }
    const before = this.#view.value(device.id, point.id)
    if (before && fulfils(point, value, before.value) && this.#stays(device, point, value, before)) {
      this.fulfilledCount++
      return
    }
    if (this.steps.length >= this.#most) {
      this.leftOutCount++
      return
    }
    const previous = before && before.quality !== 'bad' ? { previous: before.value } : {}
    this.steps.push({ device: device.id, point: point.id, value, ...previous, reason })
  }

  /** A doubtful or old report, or one that a command on its way is about to change, does not spare the step. */
  #stays(device: KnownDevice, point: PointDescriptor, value: PointValue, before: PointSample): boolean {
    const coming = this.#view.commanded?.(device.id, point.id)
    return isReliable(this.#view, device, before) && (coming === undefined || fulfils(point, value, coming))
  }

  /** By kind of point, with the value made from the point's own range and words. */
  set(
    device: KnownDevice,
    kind: string,
    valueFor: (point: PointDescriptor) => PointValue | undefined,
    reason: LocalText,
  ): void {
    const point = pointOfKind(device, kind, true)
    if (point) this.add(device, point, valueFor(point), reason)
  }
}

/** Why there is less to do than the playbook knows; empty where all was found. */
export function shortfall(steps: StepList): { readonly en: string; readonly zh: string } {
  const away = steps.offline.size
  const offline =
    away > 0
      ? { en: away === 1 ? ' One device is offline.' : ` ${away} devices are offline.`, zh: `${away} 台设备离线。` }
      : { en: '', zh: '' }
  const tooMany = steps.leftOutCount
  if (tooMany > 0)
    return {
      en: `${offline.en} ${tooMany} more steps do not fit.`,
      zh: `${offline.zh}另有 ${tooMany} 步超出方案容量。`,
    }
  if (steps.steps.length > 0) return offline
  if (steps.fulfilledCount > 0)
    return { en: ` Everything is already as it should be.${offline.en}`, zh: `各项已处于目标状态。${offline.zh}` }
  return {
    en: ` No device here can help; a person must act.${offline.en}`,
    zh: `此处没有可用设备，需要人员处置。${offline.zh}`,
  }
}
