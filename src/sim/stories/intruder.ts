/** A stranger comes through a gap in the fence to the dock at two in the morning, tries the side door, looks around. */
import type { Place } from '../agents/path-graph.ts'
import { makeTrack } from '../agents/track.ts'
import { nextLocal, type Stage, type Story } from './story.ts'

const actorId = 'intruder'
const walkMps = 1.4
const prowlMps = 1.05
const fleeMps = 2.6
/** Without any reaction he has seen enough after this long. */
const staysS = 88
const startlesInS = 2.2

const wayIn: Place[] = [
  [105.6, 2.5],
  [93.4, 1.4],
  [92.75, -4.2],
]
const rounds: Place[] = [
  [92.75, -4.2],
  [90.2, -3.4],
  [86.6, -2.2],
  [83, -3.6],
  [81.6, -0.4],
  [84.4, 2.2],
  [88.2, 1.2],
  [91, -1.4],
]
const gap: Place[] = [
  [95.5, 1.8],
  [104.5, 2.5],
  [110, 2.5],
  [122, 3.5],
]

export function tellIntruder(stage: Stage): Story {
  const { devices, openings, traffic } = stage
  const told = stage.site.life?.intruder
  const way = told ?? { wayIn, rounds, wayOut: gap }
  const gateId = told ? (told.gate ?? '') : 'dock-gate'
  const doorId = told ? (told.door ?? '') : 'dock-door'
  const lightsId = told?.lights ?? 'dock-lights'
  const sirenId = told?.siren ?? 'siren-yard'
  stage.skipTo(nextLocal(stage.site, stage.nowMs(), 2))
  openings.command(gateId, 'position', 'open', undefined)
  stage.log('the yard gate was left open; somebody comes through the gap in the east fence')
  let phase: 'coming' | 'prowling' | 'leaving' | 'gone' = 'coming'
  let ageS = 0
  let startledS = 0
  let gateWasOpen = false
  const look = 777

  const go = (points: readonly Place[], speedMps: number, onArrive: () => void) =>
    traffic.start({
      id: actorId,
      kind: 'person',
      look,
      track: makeTrack(points, [], openings),
      speedMps,
      mayPass: false,
      onArrive,
    })

  const prowl = () => {
    phase = 'prowling'
    go([...way.rounds, way.rounds[0] ?? [92, -4]], prowlMps, prowl)
  }
  const atDoor = () => {
    openings.force(doorId, stage.nowMs(), 120_000)
    stage.log('the dock side door is forced')
    prowl()
  }
  const leave = (why: string) => {
    phase = 'leaving'
    const mover = traffic.get(actorId)
    const here: Place = mover ? [mover.east, mover.north] : [90, 0]
    stage.log(`the stranger leaves: ${why}`)
    go([here, ...way.wayOut], why === 'seen enough' ? walkMps : fleeMps, () => {
      phase = 'gone'
    })
  }
  const alarm = (): string | undefined => {
    if (devices.flag(lightsId, 'on') && devices.number(lightsId, 'dimming') >= 40) return 'the lights went on'
    if (gateWasOpen && openings.opening(gateId) < 0.4) return 'the gate is closing'
    if (devices.flag(sirenId, 'on')) return 'the siren sounds'
    if (stage.outdoor.guardTold) return 'the guard is on the way'
    return undefined
  }

  go(way.wayIn, walkMps, atDoor)
  return {
    name: 'intruder-at-dock',
    step(dtS) {
      ageS += dtS
      if (openings.opening(gateId) > 0.9) gateWasOpen = true
      if (phase === 'gone') return true
      if (phase === 'leaving') return false
      const why = alarm()
      if (why !== undefined) startledS += dtS
      if (why !== undefined && startledS > startlesInS) leave(why)
      else if (ageS > staysS) leave('seen enough')
      return false
    },
    stop() {
      traffic.remove(actorId)
      openings.command(gateId, 'position', 'closed', undefined)
    },
  }
}
