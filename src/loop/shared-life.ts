/**
 * Shared life on the bus: incidents, plans, audit lines and the controller's lease. Retained messages are republished
 * after a reconnect only where this console holds the lease; commands are never part of this.
 */
import type { PublishError, PublishRequest } from '../contract/bus.ts'
import type { Incident, Plan } from '../contract/decision.ts'
import { encodeJson } from '../contract/decode.ts'
import type { AuditMessage, ControllerMessage, ObservationMessage } from '../contract/messages.ts'
import type { SiteTopics } from '../contract/topics.ts'
import type { Result } from '../platform/result.ts'

export type Publish = (request: PublishRequest) => Promise<Result<void, PublishError>>

export interface SharedLife {
  incident(incident: Incident): void
  plan(plan: Plan): void
  controller(message: ControllerMessage): void
  audit(line: AuditMessage): void
  observation(observation: ObservationMessage): void
}

export function sharedLife(publish: Publish, topics: SiteTopics, failed: (error: PublishError) => void): SharedLife {
  const send = (topic: string, message: unknown, retain: boolean, qos: 0 | 1): void => {
    void publish({ topic, payload: encodeJson(message), retain, qos }).then((outcome) => {
      if (!outcome.ok) failed(outcome.error)
    })
  }
  return {
    incident: (incident) => send(topics.alarm(incident.id), incident, true, 1),
    plan: (plan) => send(topics.plan(plan.id), plan, true, 1),
    controller: (message) => send(topics.controller, message, true, 1),
    audit: (line) => send(topics.audit, line, false, 1),
    observation: (observation) => send(topics.observation(observation.source), observation, false, 0),
  }
}
