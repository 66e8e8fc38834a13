/** Somebody or something breaks a rule of place: tell the guard; light the place where people are concerned. */
import type { PlaceIncidentKind } from '../../contract/decision.ts'
import { switchValue } from '../../contract/point-meaning.ts'
import { both, concernsZone, family, ofFamily, withWritable } from '../find-devices.ts'
import { clockText } from '../saving.ts'
import { say, zoneById } from '../zones.ts'
import { fullOf, guardText, tellTheGuard } from './intrusion.ts'
import { type PlanDraft, type PlaybookContext, StepList, shortfall } from './playbook.ts'

interface Words {
  readonly what: string
  readonly en: string
  readonly zh: string
  /** Light helps the guard and the cameras there. */
  readonly light: boolean
}

const words: Readonly<Record<PlaceIncidentKind, Words>> = {
  loitering: { what: 'Loitering', en: 'Somebody has stayed too long', zh: '有人逗留过久', light: true },
  lineCrossed: { what: 'Line crossed', en: 'A line was crossed the forbidden way', zh: '有人或车辆越线', light: true },
  crowding: { what: 'Crowd', en: 'More people than allowed', zh: '人数超过上限', light: true },
  wrongWay: { what: 'Wrong way', en: 'A vehicle goes against the one-way', zh: '车辆逆行', light: false },
  wrongParking: { what: 'Parked', en: 'A vehicle stands where it may not', zh: '车辆违规停放', light: false },
  leftObject: { what: 'Left object', en: 'Something stands with nobody near', zh: '物品无人看管', light: true },
  unmanned: { what: 'Post empty', en: 'Nobody is at the post', zh: '岗位无人', light: false },
}

export function planPlaceRule({ view, devices, incident, nowMs }: PlaybookContext, kind: PlaceIncidentKind): PlanDraft {
  const zone = zoneById(view.site, incident.zone)
  const place = both(zone?.name ?? incident.subject)
  const { what, en, zh, light } = words[kind]
  const list = new StepList(view)
  for (const device of withWritable(devices, 'message'))
    list.set(device, 'message', () => guardText(place.en, clockText(view.site, nowMs).en, what), tellTheGuard)
  const lamps = light && zone ? ofFamily(devices, family.light).filter((lamp) => concernsZone(lamp, [zone])) : []
  for (const lamp of lamps) {
    const reason = say('Light the area for cameras and guards', '照亮现场，便于摄像与安保')
    list.set(lamp, 'onOff', (point) => switchValue(point, true), reason)
    list.set(lamp, 'dimming', fullOf, reason)
  }
  const missing = shortfall(list)
  const percent = Math.round(incident.confidence * 100)
  return {
    playbook: kind,
    title: say(`${what}: ${place.en}`, `${place.zh}：${zh}`),
    reason: say(
      `${en}: ${place.en} (${percent} % sure).${missing.en}`,
      `${place.zh}：${zh}（置信度 ${percent}%）。${missing.zh}`,
    ),
    steps: list.steps,
    expected: { riskReduced: say('A guard goes and looks', '安保到场查看') },
  }
}
