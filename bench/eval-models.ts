import { evalDetector, evalDetectorHelp } from './eval-detector.ts'
import { evalEnvironment, evalEnvironmentHelp } from './eval-environment.ts'
import { evalForecaster, evalForecasterHelp } from './eval-forecaster.ts'
import { flagValue } from './model-card.ts'
import { Refusal, refuseUnknownFlags } from './refusal.ts'

const parts = { detector: evalDetector, forecaster: evalForecaster, environment: evalEnvironment }

/** Reproduces the cards of all shipped models, or of those named with `--only detector,forecaster`. */
export async function evalModels(flags: string[]) {
  refuseUnknownFlags(flags, `--only --help ${evalDetectorHelp} ${evalForecasterHelp} ${evalEnvironmentHelp}`)
  const at = flags.indexOf('--only')
  const only = flagValue(flags, 'only')?.split(',')
  const stray = only?.filter((name) => !(name in parts)) ?? []
  if (stray.length > 0) throw new Refusal(`--only ${stray.join(',')}: ${Object.keys(parts).join(', ')} are known`)
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
