import { evalDetector } from './eval-detector.ts'
import { evalEnvironment } from './eval-environment.ts'
import { evalForecaster } from './eval-forecaster.ts'

const parts = { detector: evalDetector, forecaster: evalForecaster, environment: evalEnvironment }

/** Reproduces the cards of all shipped models, or of those named with `--only detector,forecaster`. */
export async function evalModels(flags: string[]) {
  const at = flags.indexOf('--only')
  const only = at >= 0 ? flags[at + 1]?.split(',') : undefined
  const rest = at >= 0 ? flags.filter((_, index) => index !== at && index !== at + 1) : flags
  const results: Record<string, unknown> = {}
  let pass = true
  for (const [name, evaluate] of Object.entries(parts)) {
    if (only && !only.includes(name)) continue
    const result = await evaluate(rest)
    results[name] = result
    pass &&= result.pass
  }
  return { pass, ...results }
}
