import type { PlaceIncidentKind } from '../../contract/decision.ts'
import type { Signal } from '../signal.ts'
import type { RuleEvent, RuleEventType } from './rule-event.ts'

const kindOf: Readonly<Record<RuleEventType, PlaceIncidentKind>> = {
  dwell: 'loitering',
  lineCrossed: 'lineCrossed',
  crowd: 'crowding',
  wrongWay: 'wrongWay',
  wrongParking: 'wrongParking',
  leftObject: 'leftObject',
  unmanned: 'unmanned',
}

const typeOf = new Map(Object.entries(kindOf).map(([type, kind]) => [kind as string, type as RuleEventType]))

/** The type of event behind a word of evidence; undefined for other evidence. */
export function ruleTypeOf(evidenceKind: string): RuleEventType | undefined {
  return typeOf.get(evidenceKind)
}

/** How far each alone convinces when the detector is sure; an empty post is only as sure as the camera's view of it. */
const weightOf: Readonly<Record<RuleEventType, number>> = {
  dwell: 0.85,
  lineCrossed: 0.85,
  crowd: 0.85,
  wrongWay: 0.85,
  wrongParking: 0.8,
  leftObject: 0.75,
  unmanned: 0.65,
}

/** Evidence for an incident; nothing when the event has ended. */
export function ruleSignal(event: RuleEvent): Signal | undefined {
  if (event.phase === 'ended') return undefined
  const kind = kindOf[event.type]
  const track = event.trackId === undefined ? {} : { trackId: event.trackId }
  return {
    kind,
    zones: event.zone === undefined ? [] : [event.zone],
    evidence: {
      source: 'video',
      kind,
      subject: event.cameraId,
      atMs: event.atMs,
      weight: weightOf[event.type] * Math.min(1, 0.4 + 0.75 * event.score),
      values: {
        rule: event.rule,
        ...track,
        score: Math.round(event.score * 1000) / 1000,
        firstAtMs: event.sinceMs,
        ...event.values,
      },
    },
  }
}
