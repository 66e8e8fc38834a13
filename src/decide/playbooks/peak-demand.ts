/** Dear hour, full connection: discharge, slow charging, let rooms warm a little, in the order of what it costs. */
import { mostPlanSteps } from '../../contract/decision.ts'
import { dischargeWord } from '../../contract/point-meaning.ts'
import { tariffAt } from '../../site/tariff.ts'
import { demandTarget } from '../energy-evidence.ts'
import { family, ofFamily } from '../find-devices.ts'
import { chooseMeasures, costPerKw, cutOf, fitMeasures, type Measure, type Move } from '../optimiser.ts'
import { type KnownDevice, numberAt, type ParkView, pointOfKind, powerKw } from '../park-view.ts'
import { clockText, frozenBaseline, highPriceEnd, integrate, lowestPrice } from '../saving.ts'
import { say } from '../zones.ts'
import { type PlanDraft, type PlaybookContext, StepList, shortfall } from './playbook.ts'

/** Wear of a lithium cell, per kWh through it, in the tariff's currency: about a tenth of a flat price. */
const wearShareOfPrice = 0.1
/** What an hour of a slowed charger or of a degree more is worth to those who feel it, per kW: shares of the price. */
const chargerDiscomfort = 0.3
const warmthDiscomfort = 0.6
const dimDiscomfort = 0.4
/** Of energy through a battery and back, with its inverter. */
const roundTrip = 0.88
const warmerK = 1.5
/** Cooling demand per kelvin of room setpoint; field studies find 5 to 10 % (e.g. Hoyt et al. 2015, Build. Environ. 88). */
const coolingSharePerK = 0.07
const mostRooms = 24

export function planPeakDemand({ view, devices, incident, nowMs, demandRisk, held }: PlaybookContext): PlanDraft {
  const { site } = view
  const untilMs = highPriceEnd(site, nowMs)
  const hours = (untilMs - nowMs) / 3_600_000
  const projectedKw = demandRisk?.projectedKw ?? 0
  const limitKw = demandRisk?.limitKw ?? 0
  const neededKw = Math.max(projectedKw - demandTarget * limitKw, 0.03 * limitKw)
  // What is chosen counts, not what was found.
  const list = new StepList(view, Number.POSITIVE_INFINITY)
  const price = tariffAt(site, nowMs).pricePerKwh
  // Cutting again what is cut already would take 40 % of 40 %.
  const free = devices.filter(({ id }) => !held.has(id))
  list.fulfilledCount += devices.length - free.length
  const measures = [
    battery(view, devices, list, batteryWantKw(view, neededKw, projectedKw, price), hours, price),
    charging(view, free, list, price),
    warmerRooms(view, devices, held, list, price),
    dimmerLights(view, free, list, price),
  ]
  const wanted = chooseMeasures(measures, neededKw)
  const chosen = fitMeasures(wanted, mostPlanSteps)
  const cutKw = Math.min(
    chosen.reduce((sum, measure) => sum + cutOf(measure), 0),
    projectedKw,
  )
  list.steps.push(...stepsOf(chosen))
  list.leftOutCount = stepsOf(wanted).length - list.steps.length
  const missing = shortfall(list)
  const meterId = demandRisk?.meterId ?? incident.subject
  const nowKw = demandRisk?.nowKw ?? 0
  const baseline = frozenBaseline(meterId, view.forecast(meterId), nowMs, { leastKw: nowKw, otherwiseKw: nowKw })
  return {
    playbook: 'peakDemand',
    title: say(
      `Cut ${Math.round(cutKw)} kW until ${clockText(site, untilMs).en}`,
      `削减 ${Math.round(cutKw)} kW，至${clockText(site, untilMs).zh}`,
    ),
    reason: say(
      `Demand heads for ${Math.round(projectedKw)} kW of an agreed ${Math.round(limitKw)} kW while energy is dear.${missing.en}`,
      `高价时段需量将达 ${Math.round(projectedKw)} kW，约定上限 ${Math.round(limitKw)} kW。${missing.zh}`,
    ),
    steps: list.steps,
    expected:
      list.steps.length > 0
        ? { ...effect(view, chosen, { nowMs, untilMs, cutKw, projectedKw, limitKw }), baseline }
        : {},
  }
}

interface Horizon {
  readonly nowMs: number
  readonly untilMs: number
  readonly cutKw: number
  readonly projectedKw: number
  readonly limitKw: number
}

/**
 * What is moved to another hour saves the difference to the lowest price, what is not used at all its price, and what
 * would have stood above the agreed demand its demand charge for the month.
 */
function effect(view: ParkView, chosen: readonly Measure[], horizon: Horizon): PlanDraft['expected'] {
  const { site } = view
  const { nowMs, untilMs, cutKw, projectedKw, limitKw } = horizon
  const moved = chosen.filter((measure) => measure.discomfortPerKw === 0 || measure.name.en === 'charging')
  const movedKw = moved.reduce((sum, measure) => sum + cutOf(measure), 0)
  const total = integrate(site, nowMs, untilMs, () => cutKw)
  const later = (integrate(site, nowMs, untilMs, () => movedKw).kwh * lowestPrice(site)) / roundTrip
  const wearPerHour = chosen.reduce((sum, measure) => sum + cutOf(measure) * measure.wearPerKw, 0)
  const wear = wearPerHour * ((untilMs - nowMs) / 3_600_000)
  const energyMoney = total.cost - later - wear
  const demandMoney = Math.min(cutKw, Math.max(0, projectedKw - limitKw)) * site.tariff.demandPerKwMonth
  const savedKwh = total.kwh * (1 - movedKw / Math.max(0.1, cutKw))
  const parts = chosen.map((m) => `${m.name.en} ${Math.round(cutOf(m))} kW at ${costPerKw(m).toFixed(2)}`).join(', ')
  const partsZh = chosen.map((m) => `${m.name.zh} ${Math.round(cutOf(m))} kW（${costPerKw(m).toFixed(2)}）`).join('、')
  const [energyText, demandText] = [Math.round(energyMoney), Math.round(demandMoney)]
  return {
    energySavedKwh: Math.round(Math.max(0, savedKwh)),
    costSaved: Math.round(energyMoney + demandMoney),
    currency: site.tariff.currency,
    peakCutKw: Math.round(cutKw * 10) / 10,
    horizonMs: untilMs,
    basis: say(
      `Cheapest first (cost per kW·h): ${parts}. Energy ${energyText} + demand charge ${demandText} ${site.tariff.currency}.`,
      `按每 kW·h 代价从低到高：${partsZh}。电量 ${energyText} + 需量 ${demandText} ${site.tariff.currency}。`,
    ),
  }
}

function stepsOf(measures: readonly Measure[]) {
  return measures.flatMap(({ moves }) => moves.flatMap(({ steps }) => steps))
}

/** Asks `cut` for each device to put its steps on the list and say what they cut, in kW; takes them out again. */
function gather(list: StepList, devices: readonly KnownDevice[], cut: (device: KnownDevice) => number): Move[] {
  const moves: Move[] = []
  for (const device of devices) {
    const cutKw = cut(device)
    const steps = list.steps.splice(0)
    if (steps.length > 0) moves.push({ steps, cutKw })
  }
  return moves
}

function battery(
  view: ParkView,
  devices: readonly KnownDevice[],
  list: StepList,
  neededKw: number,
  hours: number,
  price: number,
): Measure {
  let leftKw = neededKw
  const moves = gather(list, ofFamily(devices, family.battery), (device) => {
    const kw = Math.min(availableKw(view, device, hours), leftKw)
    if (kw < 1) return 0
    discharge(list, device, Math.ceil(kw + givesNowKw(view, device)))
    if (list.steps.length > 0) leftKw -= kw
    return kw
  })
  return { name: { en: 'battery', zh: '储能' }, moves, wearPerKw: price * wearShareOfPrice, discomfortPerKw: 0 }
}

/** What it can give over the whole stretch without falling under its floor, beyond what it gives now. */
function availableKw(view: ParkView, device: KnownDevice, hours: number): number {
  const socPoint = pointOfKind(device, 'soc')
  const soc = socPoint && numberAt(view, device.id, socPoint.id)
  const { capacityKwh = 0, ratedKw = 0, socMinPct = 10 } = device.equipment?.ratings ?? {}
  const storedKwh = ((soc ?? 0) - socMinPct - 5) * 0.01 * capacityKwh
  return Math.min(ratedKw, storedKwh / Math.max(0.25, hours)) - givesNowKw(view, device)
}

/** Its power counts charging as positive. */
function givesNowKw(view: ParkView, device: KnownDevice): number {
  return Math.max(0, -(powerKw(view, device) ?? 0))
}

/**
 * The peak is the occasion, but while selling the hour dear pays for refilling it cheap, losses and wear included, more
 * is worth giving: half of what the park draws, so that a falling load never turns it into an export.
 */
function batteryWantKw(view: ParkView, neededKw: number, projectedKw: number, price: number): number {
  const pays = price * (1 - wearShareOfPrice) > lowestPrice(view.site) / roundTrip
  return pays ? Math.max(neededKw, projectedKw / 2) : neededKw
}

/** Power first, then the mode that lets it flow. */
function discharge(list: StepList, device: KnownDevice, kw: number): void {
  const reason = say('Cover the peak from the battery', '储能放电削峰')
  const setpoint = device.birth.points.find((point) => point.writable && point.unit === 'kW')
  const signed = (setpoint?.min ?? 0) < 0
  if (setpoint)
    list.add(device, setpoint, signed ? Math.max(setpoint.min ?? -kw, -kw) : Math.min(setpoint.max ?? kw, kw), reason)
  list.set(device, 'mode', dischargeWord, reason)
}

function charging(view: ParkView, devices: readonly KnownDevice[], list: StepList, price: number): Measure {
  const moves = gather(list, ofFamily(devices, family.charger), (device) => {
    const point = device.birth.points.find((candidate) => candidate.writable && candidate.unit === 'kW')
    const kw = powerKw(view, device) ?? 0
    if (!point || kw < 1) return 0
    const limit = Math.max(point.min ?? 0, Math.round(kw * 0.4))
    list.add(device, point, limit, say('Charge slower until the peak is over', '高峰时段降低充电功率'))
    return kw - limit
  })
  return { name: { en: 'charging', zh: '充电桩' }, moves, wearPerKw: 0, discomfortPerKw: price * chargerDiscomfort }
}

/** Rooms that are cooled now and stay within comfort; counted at the chillers, by the rooms' share of cooling. */
function warmerRooms(
  view: ParkView,
  devices: readonly KnownDevice[],
  held: ReadonlySet<string>,
  list: StepList,
  price: number,
): Measure {
  const coolC = view.site.comfort.coolC
  const rooms = ofFamily(devices, family.roomUnit)
  const rated = (device: KnownDevice) => device.equipment?.ratings?.coolKw ?? 1
  const chillersKw = ofFamily(devices, family.chiller).reduce((sum, device) => sum + (powerKw(view, device) ?? 0), 0)
  const allKw = rooms.reduce((sum, device) => sum + rated(device), 0)
  const largestFirst = rooms.filter(({ id }) => !held.has(id)).sort((a, b) => rated(b) - rated(a))
  const moves = gather(list, largestFirst, (device) => {
    const point = device.birth.points.find((item) => item.kind === 'setpoint' && item.writable && item.unit === '°C')
    const nowC = point && numberAt(view, device.id, point.id)
    if (!point || nowC === undefined) return 0
    const toC = Math.min(coolC, nowC + warmerK, point.max ?? coolC)
    if (toC - nowC < 0.5) return 0
    const reason = say(`A little warmer, within comfort (${coolC} °C)`, `在舒适范围内略升温（≤${coolC} °C）`)
    list.add(device, point, Math.round(toC * 2) / 2, reason)
    return chillersKw * (rated(device) / allKw) * coolingSharePerK * (toC - nowC)
  }).slice(0, mostRooms)
  return {
    name: { en: 'warmer rooms', zh: '室温微调' },
    moves,
    wearPerKw: 0,
    discomfortPerKw: price * warmthDiscomfort,
  }
}

function dimmerLights(view: ParkView, devices: readonly KnownDevice[], list: StepList, price: number): Measure {
  const moves = gather(list, ofFamily(devices, family.light), (device) => {
    const point = pointOfKind(device, 'dimming', true)
    const level = point && numberAt(view, device.id, point.id)
    const kw = powerKw(view, device) ?? 0
    if (!point || level === undefined || level <= 75 || kw < 0.3) return 0
    list.add(device, point, 70, say('Dim a little; eyes hardly notice', '略微调暗，几乎无感'))
    return kw * (1 - 70 / level)
  }).slice(0, mostRooms)
  return { name: { en: 'lights', zh: '照明' }, moves, wearPerKw: 0, discomfortPerKw: price * dimDiscomfort }
}
