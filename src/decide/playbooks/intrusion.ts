/** Somebody where nobody should be: light, close, tell the guard. */
import type { PointDescriptor } from '../../contract/messages.ts'
import { closedValue, lockValue, switchValue } from '../../contract/point-meaning.ts'
import { both, concernsZone, family, isNear, ofFamily, withWritable } from '../find-devices.ts'
import type { KnownDevice } from '../park-view.ts'
import { clockText } from '../saving.ts'
import { enclosure, say, zoneById } from '../zones.ts'
import { type PlanDraft, type PlaybookContext, StepList, shortfall } from './playbook.ts'

const wallM = 3

export function planIntrusion({ view, devices, incident, nowMs }: PlaybookContext): PlanDraft {
  const zone = zoneById(view.site, incident.zone)
  const zones = zone ? enclosure(view.site, zone) : []
  const place = both(zone?.name ?? incident.subject)
  const list = new StepList(view)
  for (const device of ofFamily(devices, family.light).filter((light) => concernsZone(light, zones))) {
    const reason = say('Light the area for cameras and guards', '照亮现场，便于摄像与安保')
    list.set(device, 'onOff', (point) => switchValue(point, true), reason)
    list.set(device, 'dimming', fullOf, reason)
  }
  for (const device of withWritable(devices, 'message'))
    list.set(device, 'message', () => guardText(place.en, clockText(view.site, nowMs).en), tellTheGuard)
  const openings = ofFamily(devices, family.opening).filter(
    (opening) => concernsZone(opening, zones) || standsInWall(opening, zone?.polygon),
  )
  for (const device of openings) {
    list.set(device, 'position', closedValue, say('Close the way in and out', '关闭出入通道'))
    list.set(device, 'lock', (point) => lockValue(point, true), say('Lock it', '锁闭'))
  }
  const missing = shortfall(list)
  const agreeing = new Set(incident.evidence.map((item) => item.source)).size
  const sources =
    agreeing > 1
      ? { en: `, ${agreeing} kinds of sources agree`, zh: `，${agreeing} 类来源相互印证` }
      : { en: '', zh: '' }
  const percent = Math.round(incident.confidence * 100)
  return {
    playbook: 'intrusion',
    title: say(`Secure ${place.en}`, `封控${place.zh}`),
    reason: say(
      `Somebody is at ${place.en} out of hours (${percent} % sure${sources.en}).${missing.en}`,
      `非开放时段${place.zh}有人（置信度 ${percent}%${sources.zh}）。${missing.zh}`,
    ),
    steps: list.steps,
    expected: {
      riskReduced: say(
        'Seen in full light, ways closed, guard on the way; costs a few kWh of light at most',
        '现场照亮、通道关闭、安保出动；代价仅为少量照明电耗',
      ),
    },
  }
}

export const tellTheGuard = say('Tell the guard', '通知安保')

/** Message points hold 64 characters. */
export function guardText(place: string, time: string, what = 'Intruder'): string {
  return `${what}: ${place.slice(0, 36)}, ${time}. Please check.`.slice(0, 64)
}

function standsInWall(device: KnownDevice, polygon: Parameters<typeof isNear>[1] | undefined): boolean {
  return device.birth.zone === undefined && polygon !== undefined && isNear(device, polygon, wallM)
}

export function fullOf(point: PointDescriptor): number {
  return point.max ?? 100
}
