import { ConsolePage } from './support/console-page.ts'
import { expect, test } from './support/fixtures.ts'
import { type ParkServer, startPark } from './support/park-server.ts'

test.use({ allowErrors: [/Failed to load resource|dynamically imported module/] })

let park: ParkServer

test.beforeAll(async () => {
  park = await startPark()
})
test.afterAll(() => park?.stop())

test('code that does not arrive leaves a gap that says so, and comes when it is asked for again', async ({
  console: page,
}) => {
  const desk = new ConsolePage(page)
  const code = '**/assets/live-curve-*.js'
  await page.route(code, (route) => route.fulfill({ status: 404 }))
  await desk.open(park.url, '#device=chiller-1')
  const device = page.getByRole('region', { name: /^Device: / })
  const gap = device.getByRole('alert')
  await expect(gap).toContainText('This part could not be loaded')
  await expect(device.getByRole('table')).toBeVisible()
  await expect(desk.online).toBeVisible()

  // The host is still without it: now there is the page itself to load anew.
  await expect(gap.getByRole('button', { name: 'Reload the page' })).toBeHidden()
  await gap.getByRole('button', { name: 'Try again' }).click()
  await expect(gap.getByRole('button', { name: 'Reload the page' })).toBeVisible()

  await page.unroute(code)
  await gap.getByRole('button', { name: 'Try again' }).click()
  // The curve's own words, until a second reading has come.
  const curve = device.getByRole('region', { name: /^Curve of / })
  await expect(curve.getByRole('img').or(curve.getByText('begins with the next readings'))).toBeVisible()
  await expect(gap).toBeHidden()
})
