import type { Page } from '@playwright/test'
import { chromiumArgs, findChromium } from '../bench/chromium.ts'
import { CameraCardObject } from './support/camera-card.ts'
import { ConsolePage } from './support/console-page.ts'
import { expect, test } from './support/fixtures.ts'
import { encodeMedia, type Media, type MediaServer, serveMedia } from './support/media.ts'
import { startPark } from './support/park-server.ts'

test.use({
  allowErrors: [/Failed to load resource|CORS policy/],
  launchOptions: {
    executablePath: findChromium(),
    // A webcam that the browser makes up, and peers that find each other on this machine.
    args: [
      ...chromiumArgs,
      '--use-fake-device-for-media-stream',
      '--disable-features=WebRtcHideLocalIpsWithMdns',
      '--allow-loopback-in-peer-connection',
    ],
  },
})

let media: Media
let server: MediaServer

test.beforeAll(async () => {
  media = await encodeMedia()
  server = await serveMedia(media)
})
test.afterAll(async () => {
  await server?.stop()
  media?.clean()
})

/** A WHEP server in the page itself: another peer that sends what a canvas shows. */
async function serveWhep(page: Page): Promise<void> {
  await page.route('**/whep', async (route) => {
    if (route.request().method() !== 'POST') return route.fulfill({ status: 405 })
    const answer = await page.evaluate(async (sdp) => {
      const canvas = document.createElement('canvas')
      canvas.width = 320
      canvas.height = 180
      const context = canvas.getContext('2d')
      let turn = 0
      setInterval(() => {
        if (!context) return
        context.fillStyle = 'magenta'
        context.fillRect(0, 0, 320, 180)
        context.fillStyle = 'white'
        context.fillRect(turn++ % 300, 10, 20, 20)
      }, 100)
      const peer = new RTCPeerConnection()
      for (const track of canvas.captureStream(10).getTracks()) peer.addTrack(track)
      await peer.setRemoteDescription({ type: 'offer', sdp })
      await peer.setLocalDescription(await peer.createAnswer())
      await new Promise<void>((resolve) => {
        if (peer.iceGatheringState === 'complete') resolve()
        peer.addEventListener('icegatheringstatechange', () => peer.iceGatheringState === 'complete' && resolve())
      })
      return peer.localDescription?.sdp ?? ''
    }, route.request().postData() ?? '')
    await route.fulfill({ status: 201, contentType: 'application/sdp', body: answer })
  })
}

test('cameras by MP4, HLS, WHEP, a picked film and a webcam; what cannot be played is named', async ({
  console: page,
  context,
}) => {
  const park = await startPark('--no-sim', '--site', 'campus')
  try {
    const desk = new ConsolePage(page)
    await desk.open(park.url)
    await expect(desk.online).toBeVisible()
    await desk.tab('Cameras').click()
    const h264 = await page.evaluate(() => MediaSource.isTypeSupported('video/mp4; codecs="avc1.42E01E"'))
    expect(h264, 'this browser plays H.264').toBe(true)
    const dock = new CameraCardObject(page, 'Dock camera')

    await dock.use('MP4 at an address', { label: 'Address', text: `${server.url}/film.mp4` })
    await expect.poll(() => dock.colour(0.5, 0.9)).toBe('yellow')
    await expect(dock.card).toContainText('640×360')
    await dock.use('HLS', { label: 'Address', text: `${server.url}/index.m3u8` })
    await expect.poll(() => dock.colour(0.5, 0.9)).toBe('magenta')

    await dock.use('MP4 at an address', { label: 'Address', text: `${server.url}/old-codec.mp4` })
    await expect(dock.card).toContainText('This browser cannot play the camera’s codec')
    await dock.use('MP4 at an address', { label: 'Address', text: `${server.url}/missing.mp4` })
    await expect(dock.card).toContainText('Camera address does not exist (404)')
    await dock.use('MP4 at an address', { label: 'Address', text: `${server.url}/no-cors/film.mp4` })
    await expect(dock.card).toContainText('Camera does not allow this page (CORS)')
    await dock.use('HLS', { label: 'Address', text: `${server.url}/missing.m3u8` })
    await expect(dock.card).toContainText('Camera address does not exist (404)')

    await dock.card.getByRole('button', { name: 'Source' }).click()
    const dialog = page.getByRole('dialog', { name: 'Source of Dock camera' })
    await dialog.getByRole('combobox', { name: 'Kind' }).click()
    await page.getByRole('option', { name: 'Film of this machine' }).click()
    await dialog.getByLabel('Film of this machine').setInputFiles(`${media.folder}/picked.mp4`)
    await dialog.getByRole('button', { name: 'Use this source' }).click()
    await expect.poll(() => dock.colour(0.5, 0.9)).toBe('cyan')

    await serveWhep(page)
    await dock.use('WebRTC (WHEP)', { label: 'Address', text: `${park.url}/whep` })
    await expect.poll(() => dock.colour(0.5, 0.9)).toBe('magenta')
    await expect(dock.card).toContainText('320×180')

    await dock.use('Webcam')
    await expect(dock.card).toContainText('The browser may not use the webcam')
    await context.grantPermissions(['camera'])
    await dock.card.getByRole('button', { name: 'Try again' }).click()
    await expect(dock.card).not.toContainText('Fault')
    await expect(dock.card).toContainText(/\d fps/)
  } finally {
    await park.stop()
  }
})
