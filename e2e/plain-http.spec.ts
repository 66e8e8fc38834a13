import { chromiumArgs, findChromium } from '../bench/chromium.ts'
import { ConsolePage } from './support/console-page.ts'
import { expect, test } from './support/fixtures.ts'
import { startPark } from './support/park-server.ts'

/** A name of the plant's own network: to the browser no secure place, as `localhost` is. */
const name = 'park.test'
/** Loopback, but not the address for which the server takes no other name. */
const host = '127.0.0.2'

test.use({
  // The browser says that it does without isolation there; nothing can be done about it.
  allowErrors: [/Cross-Origin-Opener-Policy header has been ignored/],
  launchOptions: {
    executablePath: findChromium(),
    args: [...chromiumArgs, `--host-resolver-rules=MAP ${name} ${host}`],
  },
})

test('over plain HTTP in the plant’s own network the models run all the same', async ({ console: page }) => {
  const park = await startPark('--host', host, '--name', name)
  try {
    const desk = new ConsolePage(page)
    await desk.open(park.url.replace(host, name))
    await expect(desk.online).toBeVisible()
    expect(await page.evaluate(() => window.isSecureContext)).toBe(false)
    await desk.tab('Cameras').click()
    await expect(page.getByRole('figure').first()).toContainText(/WASM \d/)
  } finally {
    await park.stop()
  }
})
