/** Fire or smoke: warn, open ways out, stop feeding it air and power, tell the guard. */

import type { PointDescriptor, PointValue } from '../../contract/messages.ts'
import { lockValue, switchValue, wordOf } from '../../contract/point-meaning.ts'
import type { Point2 } from '../../site/geometry.ts'
import { both, concernsZone, family, isNear, ofFamily, withWritable } from '../find-devices.ts'
import type { KnownDevice } from '../park-view.ts'
import { clockText } from '../saving.ts'
import { say, zoneById } from '../zones.ts'
import { fullOf, guardText, tellTheGuard } from './intrusion.ts'
import { type PlanDraft, type PlaybookContext, StepList, shortfall } from './playbook.ts'

const wallM = 3
const sirenReachM = 60
const chargerReachM = 15

export function planFire({ view, devices, incident, nowMs }: PlaybookContext): PlanDraft {
  const zone = zoneById(view.site, incident.zone)
  const building = view.site.buildings.find((candidate) => candidate.id === zone?.building)
  const outline = building?.footprint ?? zone?.polygon ?? []
  const zones = zone ? [zone] : []
  const place = both(zone?.name ?? incident.subject)
  const list = new StepList(view)
  // The ways out first: where there is more to do than a plan holds, its end is left out.
  for (const device of ofFamily(devices, family.opening).filter((door) => isWayOut(door, zones, outline)))
    list.set(device, 'lock', (point) => lockValue(point, false), say('Unlock for escape', '解锁逃生通道'))
  for (const device of sirensFor(devices, building?.id, outline))
    list.set(
      device,
      'siren',
      (point) => switchValue(point, true),
      say('Warn everybody in the building', '向楼内人员报警'),
    )
  for (const device of withWritable(devices, 'message'))
    list.set(device, 'message', () => guardText(place.en, clockText(view.site, nowMs).en, 'FIRE'), tellTheGuard)
  for (const device of ofFamily(devices, family.ventilation).filter((unit) => concernsZone(unit, zones)))
    stop(list, device, say('Stop ventilation: no air for the fire, no smoke carried', '停止通风，避免助燃与烟气扩散'))
  for (const device of ofFamily(devices, family.breaker).filter((item) => concernsZone(item, zones)))
    stop(list, device, say('Cut the power in the zone', '切断该区电源'))
  for (const device of ofFamily(devices, family.charger).filter(
    (item) => outline.length > 2 && isNear(item, outline, chargerReachM),
  ))
    list.set(
      device,
      'limit',
      (point) => point.min ?? 0,
      say('Stop vehicle charging next to the fire', '停止火点附近充电'),
    )
  for (const device of ofFamily(devices, family.light).filter((light) => concernsZone(light, zones))) {
    list.set(device, 'onOff', (point) => switchValue(point, true), say('Light the way out', '照亮逃生路线'))
    list.set(device, 'dimming', fullOf, say('Light the way out', '照亮逃生路线'))
  }
  const missing = shortfall(list)
  const percent = Math.round(incident.confidence * 100)
  return {
    playbook: 'fire',
    title: say(`Fire response at ${place.en}`, `${place.zh}火警处置`),
    reason: say(
      `Signs of fire at ${place.en} (${percent} % sure). Warn, open ways out, stop air and power.${missing.en}`,
      `${place.zh}出现火情迹象（置信度 ${percent}%）。报警、放行、断风、断电。${missing.zh}`,
    ),
    steps: list.steps,
    expected: {
      riskReduced: say(
        'People warned and free to leave; the fire gets less air and no power',
        '人员及时撤离；火势缺少空气与电源',
      ),
    },
  }
}

function sirensFor(
  devices: readonly KnownDevice[],
  building: string | undefined,
  outline: readonly Point2[],
): KnownDevice[] {
  const sirens = withWritable(devices, 'siren')
  const own = sirens.filter((siren) => building !== undefined && siren.equipment?.building === building)
  if (own.length > 0) return own
  return outline.length > 2 ? sirens.filter((siren) => isNear(siren, outline, sirenReachM)) : []
}

function isWayOut(door: KnownDevice, zones: Parameters<typeof concernsZone>[1], outline: readonly Point2[]): boolean {
  return concernsZone(door, zones) || (outline.length > 2 && isNear(door, outline, wallM))
}

/** `off` by mode where there is one, by switch otherwise. */
function stop(list: StepList, device: KnownDevice, reason: Parameters<StepList['set']>[3]): void {
  const found = () => list.steps.length + list.fulfilledCount + list.leftOutCount
  const before = found()
  list.set(device, 'mode', offWord, reason)
  if (found() === before) list.set(device, 'onOff', (point) => switchValue(point, false), reason)
}

function offWord(point: PointDescriptor): PointValue | undefined {
  return wordOf(point, ['off', 'stop'])
}
