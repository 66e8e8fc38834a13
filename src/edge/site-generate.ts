import { parseArgs } from 'node:util'
import { siteJson } from '../site/compose/site-json.ts'
import { type DistrictOptions, districtInput } from '../site/district/district.ts'
import { parseSite } from '../site/load.ts'
import { summary } from './site-validate.ts'
import { reasonOf } from './start-error.ts'

const limits = { seed: 4_294_967_295, devices: 60_000, buildings: 2000, cameras: 500 } as const
type Name = keyof typeof limits
const names = Object.keys(limits) as Name[]

/** Writes a generated site file to standard output. */
export function generateSite(args: readonly string[]): number {
  let options: Record<string, number>
  try {
    options = optionsOf(args)
  } catch (error) {
    process.stderr.write(`${reasonOf(error)}\n`)
    return 2
  }
  const input = districtInput(options as DistrictOptions)
  const parsed = parseSite(structuredClone(input))
  if (!parsed.ok) {
    process.stderr.write(`${parsed.error.path}: ${parsed.error.message}\n`)
    return 1
  }
  process.stdout.write(siteJson(input))
  process.stderr.write(`${summary(parsed.value)}\n`)
  return 0
}

function optionsOf(args: readonly string[]): Record<string, number> {
  const text = { type: 'string' } as const
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { seed: text, devices: text, buildings: text, cameras: text },
    allowPositionals: true,
  })
  if (positionals.length !== 1 || positionals[0] !== 'district') throw new Error('what to generate: district')
  const options: Record<string, number> = {}
  for (const name of names) {
    const given = values[name]
    if (given === undefined) continue
    const value = Number(given)
    if (!Number.isInteger(value) || value < 1 || value > limits[name])
      throw new Error(`--${name} must be a whole number from 1 to ${limits[name]}, not “${given}”`)
    options[name] = value
  }
  return options
}
