import { ConsolePage } from './support/console-page.ts'
import { expect, test } from './support/fixtures.ts'
import { spyOn } from './support/mqtt-spy.ts'
import { startPark } from './support/park-server.ts'

test('a stranger at the dock is seen, the plan approved, the gate closes, and the incident ends when the person has left', async ({
  console: page,
}) => {
  // The story is told in real time: minutes of it on a machine that draws on its CPU.
  test.setTimeout(400_000)
  const park = await startPark('--seed', '7', '--speed', '1')
  const spy = await spyOn(park.mqttUrl)
  try {
    const desk = new ConsolePage(page)
    await desk.open(park.url)
    await expect(desk.online).toBeVisible()
    // Every stage must be up before the story begins: an engine is chosen and cameras deliver.
    await expect(desk.number('Inferences')).toContainText(/WASM|WebGPU/)

    await desk.tell('A stranger at the dock')
    await expect.poll(() => localHour(spy.json('/clock').at(-1)?.siteMs)).toBeCloseTo(2, 0)

    const item = desk.incident('Stranger in a restricted zone')
    await expect(item).toBeVisible({ timeout: 90_000 })
    await item.click()
    const detail = desk.incidentDetail
    await expect(detail).toContainText('Video model')
    await expect(detail).toContainText('Person in the zone')
    // The door the stranger tries joins the open incident as evidence of another kind.
    await expect(detail).toContainText('Device')

    await expect(desk.planHead).toContainText('Waiting for approval')
    expect(spy.json('/command'), 'nothing is commanded before a person agrees').toEqual([])
    await desk.plan.getByRole('button', { name: 'Approve' }).click()
    await expect(desk.planHead).toContainText('Verified', { timeout: 60_000 })

    const commands = spy.json('/command')
    const gateCommand = spy.json('/device/dock-gate/command').find((command) => command.point === 'position')
    expect(gateCommand, 'the gate was commanded').toMatchObject({ value: 'closed' })
    expect(spy.messages.some((m) => m.topic.endsWith('/device/dock-lights/command'))).toBe(true)
    expect(spy.messages.some((m) => m.topic.endsWith('/device/guard-desk/command'))).toBe(true)
    for (const command of commands) {
      expect(command.planId, 'every command names its plan').toBeTruthy()
      expect(Number(command.expiresAt)).toBeGreaterThan(Number(command.issuedAt))
    }
    // What the gate itself reported closes the loop, naming the command that moved it.
    const reported = spy.json('/device/dock-gate/state').filter((state) => state.commandId === gateCommand?.id)
    expect(reported.at(-1)).toMatchObject({ values: { position: 'closed' } })
    expect(spy.json('/device/dock-gate/ack')).toContainEqual(
      expect.objectContaining({ id: gateCommand?.id, status: 'accepted' }),
    )

    await expect(detail).toContainText('Verified')
    await expect.poll(() => intrusions(spy).at(-1)?.state, { timeout: 240_000 }).toBe('closed')
    const alarm = intrusions(spy).at(-1)
    const { sensedAtMs, inferredAtMs, decidedAtMs, actedAtMs, verifiedAtMs } = alarm?.stages ?? {}
    const walk = [sensedAtMs, inferredAtMs, decidedAtMs, actedAtMs, verifiedAtMs].map(Number)
    expect(walk, 'the stages follow one another').toEqual([...walk].sort((a, b) => a - b))
    expect(spy.json('/audit').map((line) => line.action)).toEqual(
      expect.arrayContaining([
        'incident.opened',
        'plan.approved',
        'command.issued',
        'command.verified',
        'incident.closed',
      ]),
    )
  } finally {
    await spy.close()
    await park.stop()
  }
})

interface Alarm {
  readonly kind: string
  readonly state: string
  readonly stages: Record<string, number | undefined>
}

function intrusions(spy: Awaited<ReturnType<typeof spyOn>>): Alarm[] {
  return spy.messages
    .filter((m) => m.topic.includes('/alarm/') && m.text !== '')
    .map((m) => JSON.parse(m.text) as Alarm)
    .filter((alarm) => alarm.kind === 'intrusion')
}

/** The campus lives eight hours ahead of UTC. */
function localHour(siteMs: unknown): number {
  const local = new Date(Number(siteMs) + 8 * 3_600_000)
  return local.getUTCHours() + local.getUTCMinutes() / 60
}
