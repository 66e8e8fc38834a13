/** A stranger comes at two in the morning by the way the site file tells, tries a door, looks around. */
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

export function tellIntruder(stage: Stage): Story {
  const { devices, openings, traffic } = stage
  const way = stage.site.life?.intruder
  if (!way) throw new Error('the story needs life.intruder of the site file')
  const { gate: gateId = '', door: doorId = '', lights: lightsId = '', siren: sirenId = '' } = way
  const [seenFirst] = way.rounds
  stage.skipTo(nextLocal(stage.site, stage.nowMs(), 2))
  openings.command(gateId, 'position', 'open', undefined)
  stage.log('somebody comes in who should not be there')
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
    go(seenFirst ? [...way.rounds, seenFirst] : way.rounds, prowlMps, prowl)
  }
  const atDoor = () => {
    openings.force(doorId, stage.nowMs(), 120_000)
    stage.log(doorId === '' ? 'the stranger looks around' : `${doorId} is forced`)
    prowl()
  }
  const leave = (why: string) => {
    phase = 'leaving'
    const mover = traffic.get(actorId)
    const here: Place[] = mover ? [[mover.east, mover.north]] : []
    stage.log(`the stranger leaves: ${why}`)
    go([...here, ...way.wayOut], why === 'seen enough' ? walkMps : fleeMps, () => {
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
