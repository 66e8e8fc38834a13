/** What rules of place find in tracks. */
export const ruleEventTypes = [
  'dwell',
  'lineCrossed',
  'crowd',
  'wrongWay',
  'wrongParking',
  'leftObject',
  'unmanned',
] as const
export type RuleEventType = (typeof ruleEventTypes)[number]

export interface RuleEvent {
  readonly type: RuleEventType
  /** `holds` repeats at most every few seconds what began; `ended` is said once. A line is crossed in one moment. */
  readonly phase: 'began' | 'holds' | 'ended'
  /** Id of the line, the zone, the road or the way that the rule is about. */
  readonly rule: string
  readonly zone: string | undefined
  readonly cameraId: string
  readonly trackId: string | undefined
  readonly atMs: number
  /** When what the rule forbids began. */
  readonly sinceMs: number
  /** Mean detector score of the tracks that it rests on. */
  readonly score: number
  /** What was measured beside what is allowed, for people and for the record. */
  readonly values: Readonly<Record<string, number | string | boolean>>
}
