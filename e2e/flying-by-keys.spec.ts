import { ConsolePage } from './support/console-page.ts'
import { expect, test } from './support/fixtures.ts'
import { startPark } from './support/park-server.ts'

test('a held key turns the park for as long as it is held, and the view it comes to rest at is in the address', async ({
  console: page,
}) => {
  test.setTimeout(180_000)
  await page.setViewportSize({ width: 840, height: 480 })
  const park = await startPark('--seed', '3')
  try {
    const desk = new ConsolePage(page)
    await desk.open(park.url, '')
    await expect(page.locator('[data-label^="building:"]').first()).toBeAttached({ timeout: 90_000 })
    const needle = () => page.locator('.compass g').getAttribute('transform')
    await page.getByRole('application').focus()
    await page.keyboard.down('q')
    // Nobody else moves the eye: that it turns again and again is the key's doing alone.
    for (let turns = 0; turns < 5; turns++) {
      const before = await needle()
      await expect.poll(needle, { timeout: 30_000 }).not.toBe(before)
    }
    await page.keyboard.up('q')
    await expect.poll(() => new URL(page.url()).hash, { timeout: 30_000 }).toContain('view=')
  } finally {
    await park.stop()
  }
})
