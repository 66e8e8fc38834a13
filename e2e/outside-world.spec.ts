import { ConsolePage } from './support/console-page.ts'
import { expect, test } from './support/fixtures.ts'
import { type Mosquitto, startMosquitto } from './support/mosquitto.ts'
import { spyOn } from './support/mqtt-spy.ts'
import { startPark } from './support/park-server.ts'

const site = 'parkloop/v1/campus'
const valve = `${site}/device/valve-9`

const birth = JSON.stringify({
  id: 'valve-9',
  name: { en: 'Hydrant valve', zh: '消防栓阀门' },
  class: 'Valve',
  points: [
    { id: 'flow', kind: 'flow', unit: 'L/min' },
    { id: 'position', kind: 'position', unit: '', values: ['open', 'closed'], writable: true, settleMs: 2000 },
  ],
  at: Date.now(),
})
const reading = (flow: number) => JSON.stringify({ at: Date.now(), values: { flow } })
const state = (position: string, commandId?: string) =>
  JSON.stringify({ at: Date.now(), values: { position }, ...(commandId && { commandId }) })

/** Born, seen and selected: what each story below begins with. */
async function meetValve(desk: ConsolePage, broker: Mosquitto): Promise<void> {
  await broker.pub('-r', '-q', '1', '-t', `${valve}/birth`, '-m', birth)
  await broker.pub('-r', '-q', '1', '-t', `${valve}/availability`, '-m', 'online')
  await broker.pub('-r', '-q', '1', '-t', `${valve}/state`, '-m', state('open'))
  await broker.pub('-t', `${valve}/telemetry`, '-m', reading(12.5))
  // Nobody told the page of this device: it announced itself, and its address can be shared.
  await expect(desk.page.getByText(/^\d+ devices?$/)).toHaveText(/^1 /)
  await desk.show('device=valve-9')
}

async function close(desk: ConsolePage): Promise<void> {
  const control = desk.page.getByRole('group', { name: 'position' })
  await control.getByRole('combobox').click()
  await desk.page.getByRole('option', { name: 'closed' }).click()
  await control.getByRole('button', { name: /^Apply/ }).click()
  const confirm = desk.page.getByRole('button', { name: 'Send' })
  if (await confirm.isVisible()) await confirm.click()
}

test('a device that only mosquitto_pub speaks for is born, read, commanded, verified and gone by its last will', async ({
  console: page,
}) => {
  const broker = await startMosquitto()
  const park = await startPark('--no-sim', '--broker', broker.wsUrl, '--site', 'campus')
  const spy = await spyOn(broker.wsUrl)
  try {
    const desk = new ConsolePage(page)
    await desk.open(park.url)
    await expect(desk.online).toBeVisible()
    await meetValve(desk, broker)
    const device = page.getByRole('region', { name: /Device: Hydrant valve/ })
    await expect(device).toContainText('12.5')
    await broker.pub('-t', `${valve}/telemetry`, '-m', reading(13.5))
    await expect(device).toContainText('13.5')

    await close(desk)
    await expect.poll(() => spy.json('/device/valve-9/command').length).toBe(1)
    const command = spy.json('/device/valve-9/command')[0] as { id: string }
    await broker.pub(
      '-q',
      '1',
      '-t',
      `${valve}/ack`,
      '-m',
      JSON.stringify({ id: command.id, status: 'accepted', at: Date.now() }),
    )
    await broker.pub('-r', '-q', '1', '-t', `${valve}/state`, '-m', state('closed', command.id))
    await page.getByRole('button', { name: 'Show Records' }).click()
    await desk.tab('Commands').click()
    await expect(desk.commands.first()).toContainText('Verified')

    // Garbage costs nothing but a line under Faults that names topic and field.
    await broker.pub('-t', `${valve}/telemetry`, '-m', '{"at": "yesterday", "values": {"flow": 1}}')
    await page.getByRole('button', { name: /^Faults/ }).click()
    await expect(page.getByRole('dialog')).toContainText('device/valve-9/telemetry')
    await page.keyboard.press('Escape')

    // Its last will, published by the broker when the device's own connection dies.
    const connection = broker.speakFor(`${valve}/telemetry`, `${valve}/availability`)
    connection.say(reading(15.5))
    await expect(device).toContainText('15.5')
    connection.die()
    await expect(device).toContainText('Offline')
  } finally {
    await spy.close()
    await park.stop()
    await broker.stop()
  }
})

test('an actuator that never answers times out, offers a rollback and leaves a line in the audit', async ({
  console: page,
}) => {
  const broker = await startMosquitto()
  const park = await startPark('--no-sim', '--broker', broker.wsUrl, '--site', 'campus')
  const spy = await spyOn(broker.wsUrl)
  try {
    const desk = new ConsolePage(page)
    await desk.open(park.url)
    await expect(desk.online).toBeVisible()
    await meetValve(desk, broker)
    await close(desk)
    await page.getByRole('button', { name: 'Show Records' }).click()
    await desk.tab('Commands').click()
    await expect(desk.commands.first()).toContainText('Timed out', { timeout: 45_000 })
    await expect(desk.commands.first()).toContainText('the device did not answer')
    await expect(desk.commands.first().getByRole('button', { name: 'Roll back' })).toBeVisible()
    await expect.poll(() => spy.json('/audit').map((line) => line.action)).toContain('command.timedOut')
    await desk.tab('Audit').click()
    await expect(page.getByRole('table', { name: 'Audit' })).toContainText('Command timed out')
    expect(spy.json('/device/valve-9/command'), 'it was sent once').toHaveLength(1)
  } finally {
    await spy.close()
    await park.stop()
    await broker.stop()
  }
})

test.describe('with a broker that dies', () => {
  test.use({ allowErrors: [/WebSocket connection to .* failed/] })
  test('in mid-command nothing is sent late or twice, and the page says what is true', async ({ console: page }) => {
    let broker = await startMosquitto()
    const park = await startPark('--no-sim', '--broker', broker.wsUrl, '--site', 'campus')
    try {
      const desk = new ConsolePage(page)
      await desk.open(park.url)
      await expect(desk.online).toBeVisible()
      await meetValve(desk, broker)
      const before = await spyOn(broker.wsUrl)
      await close(desk)
      await expect.poll(() => before.json('/device/valve-9/command').length).toBe(1)
      await before.close()
      await broker.kill()
      await expect(desk.online).toBeHidden()

      broker = await startMosquitto(broker)
      const after = await spyOn(broker.wsUrl)
      await expect(desk.online).toBeVisible({ timeout: 60_000 })
      await page.getByRole('button', { name: 'Show Records' }).click()
      await desk.tab('Commands').click()
      await expect(desk.commands.first()).toContainText('Timed out', { timeout: 45_000 })
      expect(after.json('/device/valve-9/command'), 'nothing is sent late or twice').toEqual([])
      await after.close()
    } finally {
      await park.stop()
      await broker.stop()
    }
  })
})
