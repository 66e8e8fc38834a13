/** Plant that runs when it should not: give it back to its automatic control, and say what that saves until it is due. */
import type { PlanStep } from '../../contract/decision.ts'
import type { BandBreak } from '../../contract/perception.ts'
import { isRunning, switchValue, wordOf } from '../../contract/point-meaning.ts'
import { both, family, nameOf, ofFamily } from '../find-devices.ts'
import { countedBy } from '../meters.ts'
import { type KnownDevice, type ParkView, pointOfKind, powerKw } from '../park-view.ts'
import {
  clockText,
  frozenBaseline,
  frozenMedian,
  integrate,
  isScheduledNow,
  medianAt,
  nextScheduledStart,
} from '../saving.ts'
import { say } from '../zones.ts'
import { type PlanDraft, type PlaybookContext, StepList, shortfall } from './playbook.ts'

const longestHorizonMs = 72 * 3_600_000
/** In working hours somebody would notice: no more is counted. */
const workingHorizonMs = 4 * 3_600_000

export function planEnergyAnomaly(context: PlaybookContext): PlanDraft {
  const { view, devices, incident, nowMs } = context
  const broken = context.bandBreak
  const meterId = broken?.meterId ?? incident.subject
  const list = new StepList(view)
  const culprits = broken?.direction === 'above' ? findCulprits(view, devices, broken, nowMs) : []
  for (const { device, step } of culprits) list.add(device, step.point, step.value, step.reason)
  const meter = both(devices.find((device) => device.id === meterId)?.birth.name ?? meterId)
  const first = culprits[0] && nameOf(culprits[0].device)
  const missing = shortfall(list)
  const [actual, expected] = [broken?.actualKw ?? 0, broken?.expectedKw ?? 0].map((kw) => Math.round(kw * 10) / 10)
  const title = first
    ? say(`Return ${first.en} to automatic`, `${first.zh}恢复自动`)
    : say(`Look at ${meter.en}`, `检查${meter.zh}`)
  const saving =
    broken && list.steps.length > 0
      ? savingOf(
          context,
          broken,
          culprits.map((c) => c.device),
        )
      : undefined
  return {
    playbook: 'energyAnomaly',
    title,
    reason: say(
      `${meter.en} draws ${actual} kW where ${expected} kW is expected at this hour.${missing.en}`,
      `${meter.zh}当前 ${actual} kW，此时预期仅 ${expected} kW。${missing.zh}`,
    ),
    steps: list.steps,
    expected: saving ?? {},
  }
}

interface Culprit {
  readonly device: KnownDevice
  readonly kw: number
  readonly step: {
    readonly point: NonNullable<ReturnType<typeof pointOfKind>>
    readonly value: PlanStep['value']
    readonly reason: PlanStep['reason']
  }
}

/** Largest first, until they explain what is too much; chillers before what only helps them. */
function findCulprits(view: ParkView, devices: readonly KnownDevice[], broken: BandBreak, nowMs: number): Culprit[] {
  const below = countedBy(view.site, broken.meterId)
  const counted = devices.filter((device) => below.has(device.id))
  const forced = ofFamily(counted, family.plant).flatMap((device) => forcedOn(view, device))
  const lights = ofFamily(counted, family.light).flatMap((device) => leftOn(view, device, nowMs))
  const rank = ({ device, kw }: Culprit) => (family.chiller.test(device.birth.class) ? 1e6 : 0) + kw
  const sorted = [...forced, ...lights].sort((a, b) => rank(b) - rank(a))
  const chosen: Culprit[] = []
  let kw = 0
  for (const culprit of sorted) {
    const helper = chosen.some((other) => other.device.equipment?.meteredBy === culprit.device.equipment?.meteredBy)
    if (kw >= 0.9 * (broken.actualKw - broken.expectedKw) && !helper) continue
    chosen.push(culprit)
    kw += culprit.kw
  }
  return chosen.slice(0, 24)
}

/** Held on by hand instead of left to its own control. */
function forcedOn(view: ParkView, device: KnownDevice): Culprit[] {
  const point = pointOfKind(device, 'mode', true)
  const now = point && view.value(device.id, point.id)
  if (!point || !now || isRunning(now.value) !== true) return []
  const value = wordOf(point, ['auto', 'automatic', 'off'])
  if (value === undefined || value === now.value) return []
  const reason =
    value === 'off'
      ? say('Switch off what runs without need', '关闭无需运行的设备')
      : say('It is held on by hand; its own control knows when it is needed', '被手动强制运行，恢复自动控制')
  return [{ device, kw: kwOf(view, device), step: { point, value, reason } }]
}

function leftOn(view: ParkView, device: KnownDevice, nowMs: number): Culprit[] {
  const point = pointOfKind(device, 'onOff', true)
  const now = point && view.value(device.id, point.id)
  const zones = [...(device.equipment?.serves ?? []), ...(device.birth.zone === undefined ? [] : [device.birth.zone])]
  if (!point || now?.value !== true || isScheduledNow(view.site, zones, nowMs)) return []
  const value = switchValue(point, false)
  if (value === undefined) return []
  return [
    {
      device,
      kw: kwOf(view, device),
      step: { point, value, reason: say('Lights on with nobody due', '非使用时段灯未关') },
    },
  ]
}

function kwOf(view: ParkView, device: KnownDevice): number {
  const ratings = device.equipment?.ratings
  return powerKw(view, device) ?? ratings?.ratedKw ?? (ratings?.capacityKw ?? 0) / (ratings?.cop ?? 4)
}

/** (actual − expected) over the time until the plant is next due, each quarter hour at its price. */
function savingOf({ view, nowMs }: PlaybookContext, broken: BandBreak, devices: readonly KnownDevice[]) {
  const { site } = view
  const zones = devices.flatMap((device) => device.equipment?.serves ?? [])
  const dueMs = nextScheduledStart(site, zones, nowMs)
  const longestMs = isScheduledNow(site, zones, nowMs) ? workingHorizonMs : longestHorizonMs
  const untilMs = Math.min(dueMs, nowMs + longestMs)
  const forecast = view.forecast(broken.meterId)
  const expectedKw = frozenMedian(forecast, broken.expectedKw)
  const extraKw = Math.max(0, broken.actualKw - broken.expectedKw)
  const amount = integrate(site, nowMs, untilMs, (atMs) => Math.max(0, broken.actualKw - expectedKw(atMs)))
  const hours = Math.round((untilMs - nowMs) / 360_000) / 10
  const until = clockText(site, untilMs)
  const reach = medianAt(forecast, untilMs - 1) === undefined ? 'partly' : 'wholly'
  const [kwh, cost] = [Math.round(amount.kwh), Math.round(amount.cost)]
  const { currency } = site.tariff
  const first = { en: `(${Math.round(broken.actualKw)} − ${Math.round(broken.expectedKw)}) kW`, zh: '' }
  return {
    energySavedKwh: kwh,
    costSaved: cost,
    currency,
    peakCutKw: Math.round(extraKw * 10) / 10,
    horizonMs: untilMs,
    basis: say(
      `${first.en} over ${hours} h until ${until.en}, expected from the forecast (${reach} covered), each quarter hour at its tariff: ${kwh} kWh, ${cost} ${currency}.`,
      `${first.en} × ${hours} 小时（至${until.zh}），预期取自预测，逐 15 分钟按分时电价计：${kwh} kWh，${cost} ${currency}。`,
    ),
    baseline: frozenBaseline(broken.meterId, forecast, nowMs, {
      leastKw: broken.actualKw,
      otherwiseKw: broken.expectedKw,
    }),
  }
}
