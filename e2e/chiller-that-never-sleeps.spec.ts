import { ConsolePage } from './support/console-page.ts'
import { expect, test } from './support/fixtures.ts'
import { spyOn } from './support/mqtt-spy.ts'
import { startPark } from './support/park-server.ts'

interface SeenPlan {
  readonly playbook: string
  readonly state: string
  readonly expected: { readonly energySavedKwh?: number; readonly costSaved?: number }
  readonly measured?: { readonly energySavedKwh: number; readonly costSaved: number }
}

test('a chiller left on over the weekend breaks its band, is set back, and the curve returns', async ({
  console: page,
}) => {
  const park = await startPark('--seed', '7', '--speed', '300')
  const spy = await spyOn(park.mqttUrl)
  const plans = () =>
    spy.messages.filter((m) => m.topic.includes('/plan/') && m.text !== '').map((m) => JSON.parse(m.text) as SeenPlan)
  const chillerPlan = () => plans().findLast((plan) => plan.playbook === 'energyAnomaly' && plan.state !== 'withdrawn')
  try {
    const desk = new ConsolePage(page)
    await desk.open(park.url)
    await expect(desk.online).toBeVisible()
    await expect(desk.number('Inferences')).toContainText(/WASM|WebGPU/)
    await desk.tell('The chiller that never sleeps')

    const item = desk.incident('Unusual power use').filter({ hasText: /chiller|energy/i })
    await expect(item.first()).toBeVisible({ timeout: 120_000 })
    await item.first().click()
    const detail = desk.incidentDetail
    await expect(detail).toContainText('Outside the forecast band')
    await expect(detail).toContainText('expected kW')
    await expect(detail).toContainText('actual kW')

    await expect(desk.plan).toContainText('Energy saved')
    await expect(desk.plan).toContainText('kWh')
    await desk.plan.getByRole('button', { name: 'Approve' }).click()
    await expect(desk.planHead).toContainText('Verified', { timeout: 60_000 })
    const proposed = chillerPlan()
    expect(proposed?.expected.energySavedKwh).toBeGreaterThan(50)
    expect(proposed?.expected.costSaved).toBeGreaterThan(10)
    const command = spy.messages.find((m) => /device\/chiller-\d\/command$/.test(m.topic))
    expect(JSON.parse(command?.text ?? '{}')).toMatchObject({ point: 'mode', value: 'auto' })

    // Back in its band, and what was saved is measured from what the meter reported, not from the promise.
    await expect.poll(() => chillerPlan()?.measured?.energySavedKwh ?? 0, { timeout: 120_000 }).toBeGreaterThan(0)
    await expect
      .poll(() => spy.json('/audit').filter((line) => line.action === 'incident.closed').length, { timeout: 120_000 })
      .toBeGreaterThan(0)
    await expect(desk.plan).toContainText('Measured effect')
  } finally {
    await spy.close()
    await park.stop()
  }
})
