/**
 * Shared life on the bus: incidents, plans, audit lines and the controller's lease. What could not be handed over is not
 * queued; ids of incidents and plans are remembered, so that their newest state can be told once the link is back.
 */
import type { PublishError, PublishRequest } from '../contract/bus.ts'
import type { Incident, Plan } from '../contract/decision.ts'
import { encodeJson } from '../contract/decode.ts'
import type { AuditMessage, ControllerMessage, ObservationMessage } from '../contract/messages.ts'
import type { SiteTopics } from '../contract/topics.ts'
import type { Result } from '../platform/result.ts'

export type Publish = (request: PublishRequest) => Promise<Result<void, PublishError>>

export interface SharedLife {
  /** Incidents and plans whose newest word the broker has not confirmed. */
  readonly untold: ReadonlySet<string>
  /** It is in no book any more: there is nothing left to tell. */
  forget(id: string): void
  incident(incident: Incident): void
  plan(plan: Plan): void
  /** Clears a retained incident or plan; false where the broker did not hear it. */
  takeBack(topic: string, id: string): Promise<boolean>
  controller(message: ControllerMessage): void
  audit(line: AuditMessage): void
  observation(observation: ObservationMessage): void
}

export function sharedLife(publish: Publish, topics: SiteTopics, failed: (error: PublishError) => void): SharedLife {
  const untold = new Set<string>()
  const send = async (topic: string, message: unknown, retain: boolean, qos: 0 | 1): Promise<boolean> => {
    const outcome = await publish({ topic, payload: encodeJson(message), retain, qos })
    if (!outcome.ok) failed(outcome.error)
    return outcome.ok
  }
  const keep = async (topic: string, message: Incident | Plan): Promise<void> => {
    if (await send(topic, message, true, 1)) untold.delete(message.id)
    else remember(untold, message.id)
  }
  return {
    untold,
    forget: (id) => void untold.delete(id),
    incident: (incident) => void keep(topics.alarm(incident.id), incident),
    plan: (plan) => void keep(topics.plan(plan.id), plan),
    takeBack: async (topic, id) => {
      untold.delete(id)
      return (await publish({ topic, payload: new Uint8Array(0), retain: true, qos: 1 })).ok
    },
    controller: (message) => void send(topics.controller, message, true, 1),
    audit: (line) => void send(topics.audit, line, false, 1),
    observation: (observation) => void send(topics.observation(observation.source), observation, false, 0),
  }
}

/** As many as both books hold together; the longest waiting gives way. */
const mostUntold = 400

function remember(untold: Set<string>, id: string): void {
  untold.delete(id)
  untold.add(id)
  const [oldest] = untold
  if (untold.size > mostUntold && oldest !== undefined) untold.delete(oldest)
}
