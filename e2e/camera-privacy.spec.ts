import { readFile } from 'node:fs/promises'
import jpeg from 'jpeg-js'
import mqtt from 'mqtt'
import { CameraCardObject } from './support/camera-card.ts'
import { ConsolePage } from './support/console-page.ts'
import { expect, test } from './support/fixtures.ts'
import { startPark } from './support/park-server.ts'

/** Beginnings of files that hold pictures: JPEG, PNG, and WebP's container. */
const pictureHeads = [Buffer.from('ffd8ff', 'hex'), Buffer.from('89504e47', 'hex'), Buffer.from('RIFF')]

/** All that anybody says on the broker, watched for pictures. */
async function watchBroker(url: string) {
  const client = await mqtt.connectAsync(url, { protocolVersion: 4, reconnectPeriod: 0 })
  const pictures: string[] = []
  const audit: Record<string, unknown>[] = []
  let messages = 0
  client.on('message', (topic, payload) => {
    messages++
    if (topic.endsWith('/audit')) audit.push(JSON.parse(payload.toString()) as Record<string, unknown>)
    const isPicture = topic.includes('/camera/') || pictureHeads.some((head) => payload.indexOf(head) >= 0)
    if (isPicture || payload.includes('data:image')) pictures.push(topic)
  })
  await client.subscribeAsync('#')
  return { pictures, audit, messages: () => messages, close: () => client.endAsync(true) }
}

test('frames stay in the tab; masks hold for everybody; an exported picture is masked, blurred and on record', async ({
  console: page,
}) => {
  test.setTimeout(240_000)
  const park = await startPark('--seed', '7', '--speed', '1')
  const broker = await watchBroker(park.mqttUrl)
  const sent: string[] = []
  page.context().on('request', (request) => {
    const body = request.postDataBuffer()?.byteLength ?? 0
    if (request.method() !== 'GET' || body > 0) sent.push(`${request.method()} ${request.url()} ${body}`)
  })
  try {
    const desk = new ConsolePage(page)
    await desk.open(park.url)
    await expect(desk.number('Inferences')).toContainText(/WASM|WebGPU/)
    await desk.tab('Cameras').click()
    const dock = new CameraCardObject(page, 'Dock camera')
    await expect(dock.card).toContainText(/\d fps/)
    await expect.poll(() => dock.colour(0.25, 0.75)).not.toBe('black')

    expect(await dock.offersToSave(), 'a picture leaves the tab by export alone').toBe(false)

    // The left half by clicks, a corner by keys alone.
    await dock.card.getByRole('button', { name: 'Masks' }).click()
    const masks = page.getByRole('dialog', { name: 'Privacy masks of Dock camera' })
    const board = masks.getByRole('button', { name: /^Picture to draw masks on/ })
    const { width, height } = (await board.boundingBox()) ?? { width: 0, height: 0 }
    for (const [x, y] of [
      [0.01, 0.01],
      [0.5, 0.01],
      [0.5, 0.99],
      [0.01, 0.99],
    ] as const)
      await board.click({ position: { x: width * x, y: height * y } })
    await masks.getByRole('button', { name: 'Close the shape' }).click()
    await board.focus()
    await page.keyboard.press('Shift+ArrowRight')
    for (const key of ['ArrowRight', 'ArrowUp', 'ArrowLeft']) {
      for (let i = 0; i < 4; i++) await page.keyboard.press(`Shift+${key}`)
      await page.keyboard.press('Enter')
    }
    await expect(masks).toContainText('3 corners')
    await masks.getByRole('button', { name: 'Take back the last corner' }).click()
    await expect(masks).toContainText('2 corners')
    await masks.getByRole('button', { name: 'Save masks' }).click()
    await expect.poll(() => dock.colour(0.25, 0.75)).toBe('black')
    expect(await dock.colour(0.75, 0.75)).not.toBe('black')

    await dock.card.getByRole('button', { name: 'Export' }).click()
    const dialog = page.getByRole('dialog', { name: 'Export a picture of Dock camera' })
    const download = page.waitForEvent('download')
    await dialog.getByRole('button', { name: 'Export picture' }).click()
    const file = await download
    expect(file.suggestedFilename()).toMatch(/^cam-dock-.*\.jpg$/)
    await expect(dialog.getByRole('status')).toContainText('Saved.')
    const picture = jpeg.decode(await readFile(await file.path()))
    const brightest = (fromX: number, toX: number) => {
      let most = 0
      for (let y = 5; y < picture.height - 25; y++)
        for (let x = fromX; x < toX; x++) most = Math.max(most, picture.data[(y * picture.width + x) * 4] ?? 0)
      return most
    }
    // JPEG rings a little beside an edge.
    expect(brightest(24, picture.width / 2 - 24), 'the masked half is black in the file').toBeLessThan(40)
    expect(brightest(picture.width / 2 + 8, picture.width - 8)).toBeGreaterThan(60)
    await expect.poll(() => broker.audit.map((line) => line.action)).toContain('camera.exported')
    expect(broker.audit.find((line) => line.action === 'camera.exported')).toMatchObject({
      actor: 'manager',
      subject: 'cam-dock',
    })
    await page.keyboard.press('Escape')

    // Masks are remembered, and they hold from the very first picture.
    await page.reload()
    await desk.tab('Cameras').click()
    await expect(dock.card).toContainText(/\d fps/)
    await expect.poll(() => dock.colour(0.75, 0.75)).not.toBe('black')
    expect(await dock.colour(0.25, 0.75)).toBe('black')

    expect(broker.messages(), 'the watch on the broker works').toBeGreaterThan(50)
    expect(broker.pictures, 'no picture on the broker').toEqual([])
    expect(sent, 'nothing but plain requests leaves the page').toEqual([])
  } finally {
    await broker.close()
    await park.stop()
  }
})
