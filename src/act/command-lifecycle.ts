/** The life of a command: a table of legal steps. An illegal step is a bug and throws; late news is the caller's to ignore. */
import type { CommandRecord, CommandState } from '../contract/decision.ts'

export const commandTransitions: Readonly<Record<CommandState, readonly CommandState[]>> = {
  refused: [],
  // An acknowledgement or a report may overtake the broker's own confirmation.
  publishing: ['sent', 'acknowledged', 'verified', 'rejected', 'timedOut', 'cancelled'],
  sent: ['acknowledged', 'verified', 'rejected', 'timedOut'],
  acknowledged: ['verified', 'diverged', 'timedOut'],
  verified: [],
  rejected: [],
  timedOut: [],
  diverged: [],
  cancelled: [],
}

export function isTerminal(state: CommandState): boolean {
  return commandTransitions[state].length === 0
}

export function advanceCommand(
  record: CommandRecord,
  to: CommandState,
  patch: Partial<Omit<CommandRecord, 'id' | 'state'>> = {},
): CommandRecord {
  if (!commandTransitions[record.state].includes(to))
    throw new Error(`command ${record.id}: illegal step ${record.state} → ${to}`)
  return { ...record, ...patch, state: to }
}
