/**
 * `bench loop`: from an event in the simulated world (a person steps into a restricted zone) to the verified reported
 * state of everything that was commanded, over a real broker, with the real models and virtual cameras, the loop in one
 * Node process. The park runs in real time, so site milliseconds are wall milliseconds. The plan is approved by the
 * bench the moment it is proposed: what a person takes is not the loop's.
 */
import { parseArgs } from 'node:util'
import { startPark } from '../e2e/support/park-server.ts'
import type { CommandRecord, Incident } from '../src/contract/decision.ts'
import type { SimWorldMessage } from '../src/contract/sim-world.ts'
import { openHeadlessLoop } from '../src/edge/headless-loop.ts'
import { pointInPolygon } from '../src/site/geometry.ts'
import type { SiteFile } from '../src/site/schema.ts'
import { percentile } from './statistics.ts'

interface Round {
  /** Event → exposure of the first picture in which the model found the person. */
  readonly senseMs: number
  /** → the tracked person counts as being in the zone, and the incident opens. */
  readonly inferMs: number
  /** → the plan stands. */
  readonly decideMs: number
  /** Approval → the last commanded device's reported state is verified; gates take the seconds they take. */
  readonly actMs: number
  /** The same until the first device is verified: the loop without slow mechanics. */
  readonly firstVerifiedMs: number
  readonly totalMs: number
}

const help = `npm run bench -- loop [--rounds 5] [--site campus] [--seed 1] [--most 45000]
Each round tells the story of the stranger at the dock on a fresh park (seed, seed + 1, …).
pass: every round was verified, and the median from event to everything verified is at most --most ms.
`

export async function benchLoop(flags: string[]) {
  const { values } = parseArgs({
    args: flags,
    options: {
      rounds: { type: 'string', default: '5' },
      site: { type: 'string', default: 'campus' },
      seed: { type: 'string', default: '1' },
      most: { type: 'string', default: '45000' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stderr.write(help)
    return { pass: true }
  }
  const wanted = Number(values.rounds)
  const rounds: Round[] = []
  for (let i = 0; i < wanted; i++) {
    const park = await startPark('--site', values.site, '--seed', String(Number(values.seed) + i), '--speed', '1')
    try {
      const round = await oneRound(park.mqttUrl, values.site)
      process.stderr.write(`round ${i + 1}: ${JSON.stringify(round)}\n`)
      rounds.push(round)
    } catch (error) {
      process.stderr.write(`round ${i + 1}: ${error instanceof Error ? error.message : String(error)}\n`)
    } finally {
      await park.stop()
    }
  }
  const column = (name: keyof Round) => {
    const all = rounds.map((round) => round[name])
    return { p50: Math.round(percentile(all, 50)), p95: Math.round(percentile(all, 95)) }
  }
  const figures = {
    rounds: wanted,
    verified: rounds.length,
    senseMs: column('senseMs'),
    inferMs: column('inferMs'),
    decideMs: column('decideMs'),
    firstVerifiedMs: column('firstVerifiedMs'),
    actMs: column('actMs'),
    totalMs: column('totalMs'),
  }
  return { pass: rounds.length === wanted && figures.totalMs.p50 <= Number(values.most), ...figures }
}

async function oneRound(mqttUrl: string, siteId: string): Promise<Round> {
  let site: SiteFile | undefined
  let armed = false
  let eventAtMs: number | undefined
  const onWorld = (world: SimWorldMessage) => {
    if (armed && site && eventAtMs === undefined && trespasses(site, world)) eventAtMs = world.at
  }
  const headless = openHeadlessLoop({ brokerUrl: mqttUrl, siteId, modelsFolder: 'models', onWorld })
  try {
    const { twin } = headless.loop
    const now = () => twin.store.getState()
    await until('the loop is up', () => now().site !== undefined && now().loop.engine !== undefined)
    await until('this console runs automation', () => headless.loop.site?.isController === true)
    site = now().site
    headless.loop.site?.scenario('intruder-at-dock', 'start')
    const jump = now().clock.jump
    await until('the clock jumped to the story', () => now().clock.jump !== jump)
    armed = true
    const intrusion = () => now().incidents.find((one) => one.kind === 'intrusion' && one.planId !== undefined)
    await until('a plan stands', () => intrusion() !== undefined)
    const approvedAtMs = twin.siteClock.nowMs()
    headless.loop.site?.approvePlan(intrusion()?.planId ?? '')
    await until('all is verified', () => intrusion()?.stages.verifiedAtMs !== undefined)
    const incident = intrusion()
    if (!incident || eventAtMs === undefined) throw new Error('the incident was opened by something else')
    return roundOf(incident, now().commands, eventAtMs, approvedAtMs)
  } finally {
    await headless.dispose()
  }
}

function trespasses(site: SiteFile, { actors }: SimWorldMessage): boolean {
  const closed = site.zones.filter((zone) => zone.access === 'restricted' && zone.building === undefined)
  return actors.some(
    ({ kind, at: [east, north] }) =>
      kind === 'person' && closed.some((zone) => pointInPolygon(east, north, zone.polygon)),
  )
}

function roundOf(
  incident: Incident,
  commands: readonly CommandRecord[],
  eventAtMs: number,
  approvedAtMs: number,
): Round {
  const { stages } = incident
  const seen = incident.evidence.filter((item) => item.source === 'video').map(firstSeenMs)
  const sensed = Math.min(...seen, stages.inferredAtMs ?? Number.POSITIVE_INFINITY)
  const inferred = stages.inferredAtMs ?? sensed
  const verified = stages.verifiedAtMs ?? Number.NaN
  const settled = commands.filter((one) => one.state === 'verified').map((one) => one.settledAtMs ?? verified)
  return {
    senseMs: sensed - eventAtMs,
    inferMs: inferred - sensed,
    decideMs: (stages.decidedAtMs ?? inferred) - inferred,
    actMs: verified - approvedAtMs,
    firstVerifiedMs: Math.min(...settled) - approvedAtMs,
    totalMs: verified - eventAtMs,
  }
}

function firstSeenMs({ atMs, values }: Incident['evidence'][number]): number {
  return typeof values.firstAtMs === 'number' ? values.firstAtMs : atMs
}

async function until(what: string, holds: () => boolean, timeoutMs = 120_000): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs / 1000} s: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
