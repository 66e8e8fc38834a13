import { chromiumArgs, findChromium } from '../bench/chromium.ts'
import { ConsolePage } from './support/console-page.ts'
import { expect, test } from './support/fixtures.ts'
import { startPark } from './support/park-server.ts'

// As in a browser of people: pages that were left are kept, where they can be.
test.use({
  launchOptions: {
    executablePath: findChromium(),
    args: chromiumArgs,
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  },
})

test('who leaves the page and comes back finds the same place and a living park', async ({ console: page }) => {
  const park = await startPark('--seed', '7')
  try {
    const view = new ConsolePage(page)
    await view.open(park.url)
    await expect(view.online).toBeVisible()
    await view.show('device=chiller-1')
    const chiller = page.getByRole('complementary', { name: 'Details' }).getByRole('heading', { name: 'Chiller 1' })
    await expect(chiller).toBeVisible()

    const elsewhere = { contentType: 'text/html', body: '<link rel="icon" href="data:,"><title>Elsewhere</title>' }
    await page.route('**/elsewhere', (route) => route.fulfill(elsewhere))
    await page.goto(`${park.url}/elsewhere`)
    await page.goBack()
    await expect(view.online).toBeVisible({ timeout: 60_000 })
    await expect(chiller).toBeVisible()
    const readings = async () => Number((await view.number('Readings').innerText()).replace(/\D/g, ''))
    await expect.poll(readings, { timeout: 60_000 }).toBeGreaterThan(0)
  } finally {
    await park.stop()
  }
})
