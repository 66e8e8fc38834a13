import type { CommandRecord, Intent } from './decision.ts'
import type { ScenarioName } from './messages.ts'

export type IntentOutcome =
  | { readonly accepted: true; readonly command?: CommandRecord }
  | { readonly accepted: false; readonly why: string }

/** What views may ask for. They state intents; `act` decides and does. Given to panels by `app`. */
export interface IntentPort {
  approvePlan(planId: string): IntentOutcome
  rejectPlan(planId: string, why: string): IntentOutcome
  command(intent: Omit<Intent, 'issuedBy'>): IntentOutcome
  rollback(commandId: string): IntentOutcome
  acknowledgeIncident(incidentId: string): IntentOutcome
  /** Simulated sites only. */
  scenario(name: ScenarioName, action: 'start' | 'stop'): IntentOutcome
}
