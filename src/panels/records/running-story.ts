import { type ScenarioName, scenarioNames } from '../../contract/messages.ts'

/**
 * The story that can be stopped: what the site's clock says runs, whoever started it; where the clock does not say, what
 * was started here. A story that this console has no name for is nobody's to stop from here.
 */
export function runningStory(
  told: string | null | undefined,
  startedHere: ScenarioName | undefined,
): ScenarioName | undefined {
  return told === undefined ? startedHere : scenarioNames.find((name) => name === told)
}
