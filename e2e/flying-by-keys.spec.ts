import type { Page } from '@playwright/test'
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

    // In the other theme the map takes its colours, and no bar or menu over the picture leaves a hole in it.
    await page.addStyleTag({ content: 'body { background: lime !important }' })
    const dark = await mapLight(page)
    await page.getByRole('button', { name: 'Light theme' }).click()
    await expect.poll(() => mapLight(page)).toBeGreaterThan(dark + 60)
    expect(await limeSeen(page)).toBe(0)
    await page.getByRole('button', { name: 'Layer' }).first().click()
    await expect(page.getByRole('menuitemradio', { name: 'Energy flow' })).toBeVisible()
    expect(await limeSeen(page)).toBe(0)
  } finally {
    await park.stop()
  }
})

/** How light the map is all over, 0 to 255. */
const mapLight = (page: Page): Promise<number> =>
  page.locator('.minimap canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] }
    let sum = 0
    for (let i = 0; i < data.length; i += 4) sum += ((data[i] ?? 0) + (data[i + 1] ?? 0) + (data[i + 2] ?? 0)) / 3
    return sum / (data.length / 4)
  })

/** Pixels of the page's own ground that a person sees where the scene should be. */
async function limeSeen(page: Page): Promise<number> {
  const png = await page.screenshot()
  return page.evaluate(async (base64) => {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob())
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
    context?.drawImage(bitmap, 0, 0)
    const { data } = context?.getImageData(0, 0, bitmap.width, bitmap.height) ?? { data: [] }
    let lime = 0
    for (let i = 0; i < data.length; i += 4) if (data[i] === 0 && data[i + 1] === 255 && data[i + 2] === 0) lime++
    return lime
  }, png.toString('base64'))
}
