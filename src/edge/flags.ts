import { parseArgs } from 'node:util'
import { err, ok, type Result } from '../platform/result.ts'

export interface ParkFlags {
  readonly port: number
  readonly host: string
  /** Names by which people reach this machine, besides its own. */
  readonly names: readonly string[]
  readonly mqttPort: number | undefined
  /** Name of a shipped site or path of a site file; undefined unless somebody named one. */
  readonly site: string | undefined
  readonly seed: number
  readonly speed: number
  /** Simulated time to start at, epoch milliseconds; undefined for a working morning at the site. */
  readonly startMs: number | undefined
  readonly sim: boolean
  readonly broker: string | undefined
}

export const usage = `npm start -- [flags]     the console, a broker and a simulated park on one port
npm run dev -- [flags]   the same with hot reload (flags after --, or PARKLOOP_PORT=… and so on)

  --port N         port of everything (default 4173; 0 picks a free one)
  --host ADDRESS   address to listen on (default 127.0.0.1: this machine only)
  --name NAME,…    names by which it is reached, such as park.example; others but IP addresses and the machine's own are refused
  --mqtt-port N    also offer plain MQTT on this TCP port (default: off)
  --site NAME|FILE a shipped site or a site file (default campus)
  --seed N         seed of the simulated park (default 1)
  --speed N        simulated seconds per second, 0.1 to 3600 (default 1)
  --start TIME     simulated time to begin at, ISO 8601 (default: a Tuesday in June, 09:30 at the site)
  --no-sim         no simulated park
  --broker URL     use this broker (ws://, wss://, mqtt://, mqtts://) instead of the embedded one
  --help           this text
`

const options = {
  port: { type: 'string' },
  host: { type: 'string' },
  name: { type: 'string', multiple: true },
  'mqtt-port': { type: 'string' },
  site: { type: 'string' },
  seed: { type: 'string' },
  speed: { type: 'string' },
  start: { type: 'string' },
  sim: { type: 'boolean' },
  broker: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

/** Flags win over PARKLOOP_… variables of the environment. */
export function parseFlags(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Result<ParkFlags | 'help', string> {
  let values: ReturnType<typeof parse>
  try {
    values = parse(args)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return err(`${message.split('. ')[0]} (--help lists the flags)`)
  }
  if (values.help) return ok('help')
  const text = (name: Exclude<keyof typeof options, 'name' | 'sim' | 'help'>): string | undefined =>
    values[name] ?? env[`PARKLOOP_${name.toUpperCase().replace('-', '_')}`]
  const problems: string[] = []
  const number = (name: 'port' | 'mqtt-port' | 'seed' | 'speed', least: number, most: number, whole = true) => {
    const given = text(name)
    if (given === undefined) return undefined
    const value = Number(given)
    if (given.trim() !== '' && value >= least && value <= most && (!whole || Number.isInteger(value))) return value
    problems.push(`--${name} must be ${whole ? 'a whole number' : 'a number'} from ${least} to ${most}, not “${given}”`)
    return undefined
  }
  const start = text('start')
  const startMs = start === undefined ? undefined : Date.parse(start)
  if (startMs !== undefined && !(startMs > Date.UTC(2000) && startMs < Date.UTC(2100)))
    problems.push(`--start must be a time such as 2026-06-03T09:30:00+08:00, not “${start}”`)
  const broker = text('broker')
  if (broker !== undefined && !isBrokerUrl(broker))
    problems.push(`--broker must be a ws://, wss://, mqtt:// or mqtts:// address, not “${broker}”`)
  const names = (values.name ?? [env.PARKLOOP_NAME ?? ''])
    .flatMap((given) => given.split(','))
    .map((each) => each.trim())
  const noName = names.find((name) => name !== '' && !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(name))
  if (noName !== undefined) problems.push(`--name must be a host name such as park.example, not “${noName}”`)
  const mqttPort = number('mqtt-port', 0, 65_535)
  if (broker !== undefined && mqttPort !== undefined)
    problems.push('--mqtt-port belongs to the embedded broker and does not go with --broker')
  const flags: ParkFlags = {
    port: number('port', 0, 65_535) ?? 4173,
    host: text('host') ?? '127.0.0.1',
    names: names.filter((name) => name !== ''),
    mqttPort,
    site: text('site'),
    seed: number('seed', 0, 4_294_967_295) ?? 1,
    speed: number('speed', 0.1, 3600, false) ?? 1,
    startMs,
    sim: values.sim ?? env.PARKLOOP_SIM !== '0',
    broker,
  }
  return problems[0] === undefined ? ok(flags) : err(problems[0])
}

function parse(args: readonly string[]) {
  return parseArgs({ args: [...args], options, strict: true, allowPositionals: false, allowNegative: true }).values
}

function isBrokerUrl(text: string): boolean {
  return URL.canParse(text) && ['ws:', 'wss:', 'mqtt:', 'mqtts:'].includes(new URL(text).protocol)
}
