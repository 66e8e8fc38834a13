import { ConsolePage } from './support/console-page.ts'
import { expect, test } from './support/fixtures.ts'
import { type ParkServer, startPark } from './support/park-server.ts'

let park: ParkServer

test.beforeAll(async () => {
  park = await startPark('--seed', '7')
})
test.afterAll(async () => {
  await park.stop()
})

test('from the campus to the factory; a broken file changes nothing; and back, by the address', async ({
  console: page,
}) => {
  test.slow()
  const view = new ConsolePage(page)
  await view.open(park.url)
  const building = (id: string) => page.locator(`[data-label="building:${id}"]`)
  const open = (name: string) => page.getByRole('button', { name, exact: true }).click()
  await expect(view.online).toBeVisible()
  await expect(building('office-a')).toBeAttached({ timeout: 90_000 })

  await open('Lakeside Campus')
  const parks = page.getByRole('list', { name: 'Parks here' })
  await expect(parks.getByRole('button', { name: /Lakeside Campus/ })).toBeDisabled()
  await parks.getByRole('button', { name: /East Works/ }).click()
  await expect(page.getByRole('button', { name: 'East Works', exact: true })).toBeVisible({ timeout: 60_000 })
  await expect(page).toHaveTitle(/East Works · ParkLoop$/)
  expect(new URL(page.url()).searchParams.get('site')).toBe('factory')
  expect(new URL(page.url()).searchParams.get('quality')).toBe('floor')
  await expect(page.locator('[data-label^="building:"]').first()).toBeAttached({ timeout: 90_000 })
  await expect(building('office-a')).toHaveCount(0)
  // its devices speak: the host brought the park up
  await expect
    .poll(async () => Number((await view.number('Readings').innerText()).replace(/\D/g, '')), { timeout: 90_000 })
    .toBeGreaterThan(0)

  await open('East Works')
  const dialog = page.getByRole('dialog', { name: 'Parks' })
  const site = (await (await page.request.get(`${park.url}/sites/factory.site.json`)).json()) as {
    equipment: { points?: unknown }[]
  }
  const [first] = site.equipment
  if (first) first.points = 'none'
  const file = (text: string) => ({ name: 'mine.site.json', mimeType: 'application/json', buffer: Buffer.from(text) })
  await dialog.getByLabel('From this machine').setInputFiles(file(JSON.stringify(site)))
  await expect(dialog.getByRole('alert')).toContainText('equipment.0.points')
  await expect(dialog.getByRole('alert')).toContainText('The park on screen stays as it was.')
  await dialog.getByLabel('From this machine').setInputFiles(file('no JSON at all'))
  await expect(dialog.getByRole('alert')).toContainText('not JSON')
  await dialog.getByRole('button', { name: 'Close' }).click()
  await expect(page.getByRole('button', { name: 'East Works', exact: true })).toBeVisible()
  await expect(view.online).toBeVisible()

  await page.goBack()
  await expect(page.getByRole('button', { name: 'Lakeside Campus', exact: true })).toBeVisible({ timeout: 60_000 })
  await expect(building('office-a')).toBeAttached({ timeout: 90_000 })
  await expect(view.online).toBeVisible()
})
