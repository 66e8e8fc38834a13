import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Incident, IncidentKind, Plan } from '../contract/decision.ts'
import type { ScenarioName } from '../contract/messages.ts'
import { reportedValue } from '../loop/device-view.ts'
import { createEmbeddedBroker } from './embedded-broker.ts'
import { openHeadlessLoop } from './headless-loop.ts'
import { startSim } from './sim-service.ts'
import { readSite } from './site-source.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const cleanUps: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

/** A whole park in this process: broker, simulated campus, and the loop with the shipped models but no cameras. */
async function openPark(speed: number) {
  const broker = await createEmbeddedBroker(() => {})
  cleanUps.push(() => broker.dispose())
  const brokerUrl = `mqtt://127.0.0.1:${await broker.listenTcp(0, '127.0.0.1')}`
  const sim = startSim({
    brokerUrl,
    source: readSite('campus', root),
    seed: 1,
    speed,
    startMs: undefined,
    log: () => {},
  })
  cleanUps.push(() => sim.dispose())
  const headless = openHeadlessLoop({ brokerUrl, siteId: 'campus', modelsFolder: join(root, 'models'), cameras: false })
  cleanUps.push(() => headless.dispose())
  const { loop } = headless
  const { store } = loop.twin
  return {
    loop,
    incident: (kind: IncidentKind): Incident | undefined => store.getState().incidents.find((one) => one.kind === kind),
    plan: (incident: Incident): Plan | undefined => store.getState().plans.find(({ id }) => id === incident.planId),
    tell: (scenario: ScenarioName) =>
      vi.waitUntil(() => loop.site?.isController && loop.site.scenario(scenario, 'start').accepted, within(15)),
  }
}

const within = (seconds: number) => ({ timeout: seconds * 1000, interval: 50 })

describe('the loop without a page', () => {
  test('a chiller left running over the weekend is found, set back, verified, measured, and over', async () => {
    const park = await openPark(300)
    await park.tell('chiller-stuck-on')
    const opened = await vi.waitUntil(() => {
      const incident = park.incident('energyAnomaly')
      const plan = incident && park.plan(incident)
      const isTraced = incident?.evidence.some(({ subject }) => subject === 'meter-chillers')
      const isRight = plan?.state === 'proposed' && plan.steps.some(({ device }) => device === 'chiller-1')
      return isTraced && isRight ? incident : undefined
    }, within(20))
    expect(park.loop.site?.approvePlan(opened.planId ?? '')).toEqual({ accepted: true })
    await vi.waitUntil(() => park.plan(opened)?.state === 'verified', within(15))
    expect(reportedValue(park.loop.twin, 'chiller-1', 'mode')?.value).toBe('auto')
    await vi.waitUntil(() => park.incident('energyAnomaly')?.state === 'closed', within(30))
    await vi.waitUntil(() => (park.plan(opened)?.measured?.energySavedKwh ?? 0) > 0, within(15))
  }, 60_000)

  test('a fire that was put out ends as an incident when the smoke is gone', async () => {
    const park = await openPark(60)
    await park.tell('room-on-fire')
    const opened = await vi.waitUntil(() => {
      const incident = park.incident('fire')
      return incident && park.plan(incident)?.state === 'proposed' ? incident : undefined
    }, within(20))
    expect(park.loop.site?.approvePlan(opened.planId ?? '')).toEqual({ accepted: true })
    await vi.waitUntil(() => park.plan(opened)?.state === 'verified', within(20))
    const closed = await vi.waitUntil(() => {
      const incident = park.incident('fire')
      return incident?.state === 'closed' ? incident : undefined
    }, within(40))
    expect((closed.closedAtMs ?? 0) - closed.openedAtMs).toBeLessThan(30 * 60_000)
  }, 90_000)
})
