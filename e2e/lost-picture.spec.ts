import { ConsolePage } from './support/console-page.ts'
import { expect, test } from './support/fixtures.ts'
import { startPark } from './support/park-server.ts'

test('a lost graphics context is told of, comes back with its pixels, and nothing chosen is forgotten', async ({
  console: page,
}) => {
  test.setTimeout(300_000)
  await page.setViewportSize({ width: 840, height: 480 })
  const park = await startPark('--seed', '3')
  try {
    const desk = new ConsolePage(page)
    await desk.open(park.url, '#building=office-a&layer=temperature')
    const canvas = page.locator('canvas').first()
    await expect(canvas).toBeVisible({ timeout: 90_000 })
    const place = () => page.evaluate(() => window.location.hash)
    const chosen = await place()
    // A picture with a park in it is many times as large as one without.
    const bytes = async () => (await canvas.screenshot()).byteLength
    await expect.poll(bytes, { timeout: 90_000 }).toBeGreaterThan(15_000)
    const whole = await bytes()

    const message = page.getByText('The graphics driver has lost the picture')
    await page.evaluate(() => {
      const context = document.querySelector('canvas')?.getContext('webgl2')
      const loss = context?.getExtension('WEBGL_lose_context')
      Object.assign(globalThis, { giveBack: () => loss?.restoreContext() })
      loss?.loseContext()
    })
    await expect(message).toBeVisible()
    await page.evaluate(() => (globalThis as unknown as { giveBack: () => void }).giveBack())
    await expect(message).toBeHidden()
    await expect.poll(bytes, { timeout: 90_000 }).toBeGreaterThan(whole * 0.7)
    expect(await place()).toBe(chosen)

    // And one that never comes back: a new canvas takes its place.
    await page.evaluate(() =>
      document.querySelector('canvas')?.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext(),
    )
    await expect(message).toBeVisible()
    await expect(message).toBeHidden({ timeout: 90_000 })
    await expect.poll(bytes, { timeout: 90_000 }).toBeGreaterThan(whole * 0.7)
    expect(await place()).toBe(chosen)
  } finally {
    await park.stop()
  }
})
