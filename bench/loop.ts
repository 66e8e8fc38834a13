/**
 * `bench loop`: from an event in the simulated world to the verified reported state, over the real broker with the real
 * models in one Node process: p50 and p95, split into the four stages. Wall milliseconds; the simulated park runs in real time.
 */
import { parseArgs } from 'node:util'
import { spyOn } from '../e2e/support/mqtt-spy.ts'
import { startPark } from '../e2e/support/park-server.ts'
import type { CommandRecord, Incident } from '../src/contract/decision.ts'
import { openHeadlessLoop } from '../src/edge/headless-loop.ts'
import { percentile } from './statistics.ts'

interface Round {
  readonly sense: number
  readonly infer: number
  readonly decide: number
  readonly act: number
  readonly total: number
}

const help = `npm run bench -- loop [--rounds 5] [--site campus] [--seed 1]
Each round tells the story of the stranger at the dock, approves the plan at once and measures until all is verified.
`

/** Targets: the loop's own share (from the picture to the published commands) within a second, the park's pace aside. */
const decideBudgetMs = 3000

export async function benchLoop(flags: string[]) {
  const { values } = parseArgs({
    args: flags,
    options: {
      rounds: { type: 'string', default: '5' },
      site: { type: 'string', default: 'campus' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stderr.write(help)
    return { pass: true }
  }
  const rounds: Round[] = []
  const wanted = Number(values.rounds)
  for (let i = 0; i < wanted; i++) {
    const park = await startPark('--site', values.site, '--seed', String(Number(values.seed) + i), '--speed', '1')
    try {
      const round = await oneRound(park.mqttUrl, values.site)
      process.stderr.write(`round ${i + 1}: ${JSON.stringify(round)}\n`)
      rounds.push(round)
    } finally {
      await park.stop()
    }
  }
  const column = (name: keyof Round) => {
    const all = rounds.map((round) => round[name])
    return { p50: percentile(all, 50), p95: percentile(all, 95) }
  }
  const figures = {
    rounds: rounds.length,
    senseMs: column('sense'),
    inferMs: column('infer'),
    decideMs: column('decide'),
    actMs: column('act'),
    totalMs: column('total'),
  }
  return { pass: rounds.length === wanted && figures.decideMs.p95 <= decideBudgetMs, ...figures }
}

/** Event: the stranger's first step into the dock zone, as the world's truth tells it. */
async function oneRound(mqttUrl: string, siteId: string): Promise<Round> {
  const headless = openHeadlessLoop({ brokerUrl: mqttUrl, siteId, modelsFolder: 'models' })
  const spy = await spyOn(mqttUrl)
  try {
    const { twin } = headless.loop
    await until(() => twin.store.getState().site !== undefined && twin.store.getState().loop.engine !== undefined)
    await until(() => headless.loop.site?.isController === true)
    headless.loop.site?.scenario('intruder-at-dock', 'start')
    let incident: Incident | undefined
    await until(() => {
      incident = twin.store.getState().incidents.find((one) => one.kind === 'intrusion' && one.planId !== undefined)
      return incident !== undefined
    })
    headless.loop.site?.approvePlan(incident?.planId ?? '')
    await until(() => {
      const now = twin.store.getState().incidents.find((one) => one.id === incident?.id)
      incident = now ?? incident
      return incident?.stages.verifiedAtMs !== undefined
    })
    return roundOf(incident as Incident, twin.store.getState().commands)
  } finally {
    await spy.close()
    await headless.dispose()
  }
}

function roundOf({ stages, openedAtMs }: Incident, _commands: readonly CommandRecord[]): Round {
  const sensed = stages.sensedAtMs ?? openedAtMs
  const inferred = stages.inferredAtMs ?? sensed
  const decided = stages.decidedAtMs ?? inferred
  const verified = stages.verifiedAtMs ?? decided
  return {
    sense: Math.round(inferred - sensed),
    infer: Math.round(inferred - sensed),
    decide: Math.round(decided - inferred),
    act: Math.round(verified - (stages.actedAtMs ?? decided)),
    total: Math.round(verified - sensed),
  }
}

async function until(holds: () => boolean, timeoutMs = 120_000): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs / 1000} s: ${holds}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
