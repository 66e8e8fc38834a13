import { CameraCardObject } from './support/camera-card.ts'
import { ConsolePage } from './support/console-page.ts'
import { expect, test } from './support/fixtures.ts'
import { encodeMedia, type Media, type MediaServer, serveMedia } from './support/media.ts'
import { startMosquitto } from './support/mosquitto.ts'
import { startPark } from './support/park-server.ts'

// What a camera refuses the browser reports as an error of its own; these are the story.
test.use({ allowErrors: [/Failed to load resource|CORS policy/] })

let media: Media
let server: MediaServer

test.beforeAll(async () => {
  media = await encodeMedia()
  server = await serveMedia(media)
})
test.afterAll(async () => {
  await server.stop()
  media.clean()
})

test('cameras over MQTT, MJPEG and snapshots: health, named faults with a tip, recovery, a choice that stays', async ({
  console: page,
}) => {
  const broker = await startMosquitto()
  const park = await startPark('--no-sim', '--broker', broker.wsUrl, '--site', 'campus')
  try {
    const desk = new ConsolePage(page)
    await desk.open(park.url)
    await expect(desk.online).toBeVisible()
    await desk.tab('Cameras').click()
    const dock = new CameraCardObject(page, 'Dock camera')
    await expect(dock.card).toContainText('Virtual camera without a simulated park')

    // A foreign topic, as another system publishes its pictures.
    await dock.use('JPEG over MQTT', { label: 'Topic', text: 'frigate/dock/person/snapshot' })
    await broker.pub('-r', '-t', 'frigate/dock/person/snapshot', '-f', `${media.folder}/mqtt-01.jpg`)
    await expect.poll(() => dock.colour(0.5, 0.9)).toBe('lime')
    await expect(dock.card).toContainText('640×360')
    // The contract's own topic.
    await dock.use('JPEG over MQTT')
    await broker.pub('-t', 'parkloop/v1/campus/camera/cam-dock/frame', '-f', `${media.folder}/snapshot-01.jpg`)
    await expect.poll(() => dock.colour(0.5, 0.9)).toBe('blue')

    await dock.use('MJPEG stream', { label: 'Address', text: `${server.url}/stream` })
    await expect.poll(() => dock.colour(0.5, 0.9)).toBe('red')
    await expect(dock.card).toContainText(/\d fps/)
    await expect(dock.card.getByText(/^Fault/)).toHaveCount(0)

    server.corrupt = true
    await expect(dock.card).toContainText('Corrupt pictures from the camera')
    server.corrupt = false
    await expect(dock.card).not.toContainText('Corrupt pictures')

    server.silent = true
    await expect(dock.card).toContainText('Camera delivers no frames')
    await expect(dock.card).toContainText('The source retries by itself.')
    await page.getByRole('button', { name: /^Faults/ }).click()
    await expect(page.getByRole('dialog', { name: 'Faults' })).toContainText('camera:cam-dock')
    await page.keyboard.press('Escape')
    server.silent = false
    await dock.card.getByRole('button', { name: 'Try again' }).click()
    await expect(page.getByText('Dock camera delivers pictures again')).toBeVisible()

    // The choice survives a reload.
    await page.reload()
    await desk.tab('Cameras').click()
    await expect.poll(() => dock.colour(0.5, 0.9)).toBe('red')

    await dock.use('Single pictures (polled)', { label: 'Address', text: `${server.url}/snapshot.jpg?token=hush` })
    await expect.poll(() => dock.colour(0.5, 0.9)).toBe('blue')

    await dock.use('MJPEG stream', { label: 'Address', text: `${server.url}/nowhere` })
    await expect(dock.card).toContainText('Camera address does not exist (404)')
    await dock.use('MJPEG stream', { label: 'Address', text: `${server.url}/no-cors/stream` })
    await expect(dock.card).toContainText('Camera does not allow this page (CORS)')
    await dock.use('MJPEG stream', { label: 'Address', text: `${server.url}/snapshot.jpg` })
    await expect(dock.card).toContainText('Camera sends something else than its kind')
    await dock.use('MJPEG stream', { label: 'Address', text: `${server.url}/locked` })
    await expect(dock.card).toContainText('Camera wants other credentials')
    await dock.use('MJPEG stream', { label: 'Address', text: `${server.url.replace('//', '//guard:s3cret@')}/locked` })
    await expect.poll(() => dock.colour(0.5, 0.9)).toBe('red')
    await dock.card.getByRole('button', { name: 'Source' }).click()
    await expect(page.getByRole('dialog', { name: 'Source of Dock camera' })).toContainText('/locked')
    expect(await page.content()).not.toContain('s3cret')
    const kept = await page.evaluate(() => JSON.stringify({ ...localStorage }))
    expect(kept, 'a password is not kept beyond the tab').not.toContain('s3cret')
    await page.getByRole('button', { name: 'Use the site file’s' }).click()
    await expect(dock.card).toContainText('Virtual camera without a simulated park')
  } finally {
    await park.stop()
    await broker.stop()
  }
})
