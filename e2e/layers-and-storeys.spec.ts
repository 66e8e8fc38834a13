import { ConsolePage } from './support/console-page.ts'
import { expect, test } from './support/fixtures.ts'
import { startPark } from './support/park-server.ts'

test.use({ viewport: { width: 1120, height: 640 } })

test('a layer with its legend, storeys apart, many selected, a look through a camera; and an address brings it back', async ({
  console: page,
}) => {
  test.setTimeout(300_000)
  const park = await startPark('--seed', '7', '--speed', '1')
  try {
    await page.emulateMedia({ reducedMotion: 'reduce' })
    const desk = new ConsolePage(page)
    await desk.open(park.url)
    await expect(desk.online).toBeVisible()
    const hud = page.getByRole('region', { name: 'View of the park' })

    await hud.getByRole('button', { name: 'Layer: No layer' }).click()
    await page.getByRole('menuitemradio', { name: 'CO₂' }).click()
    const legend = hud.getByRole('region', { name: 'Legend: CO₂' })
    await expect(legend).toContainText('ppm')
    await expect(legend).toContainText(/\d+ readings/)
    await expect(page).toHaveURL(/layer=co2/)

    await desk.tab('Park').click()
    const tree = page.getByRole('tree', { name: 'Park tree' })
    await tree.getByRole('treeitem', { name: 'Office A' }).click()
    await hud.getByRole('group', { name: 'Storeys' }).getByRole('button', { name: 'Level 3' }).click()
    await expect(page.locator('[data-label="zone:a3-west"]')).toContainText(/\d+ ppm/)
    await hud.getByRole('button', { name: 'Apart' }).click()
    await expect(page.locator('[data-label^="storey:office-a/"]').first()).toBeAttached()
    const way = hud.getByRole('navigation', { name: 'Place' })
    await expect(way.getByRole('button', { name: 'Level 3' })).toHaveAttribute('aria-current', 'location')

    // Gathered in the tree with the keyboard: what is selected is one state, and said aloud.
    await desk.tab('Park').click()
    await tree.getByRole('treeitem', { name: 'Level 3' }).click()
    await tree.getByRole('treeitem', { name: 'A3 west', exact: true }).click()
    await tree.getByRole('treeitem', { name: 'A3 west: fan coil' }).click({ modifiers: ['Control'] })
    await tree.getByRole('treeitem', { name: 'A3 west: lights' }).focus()
    await page.keyboard.press('Control+Space')
    await expect(hud.getByText('3 selected', { exact: true })).toBeVisible()
    await expect(page).toHaveURL(/also=/)

    await page.reload()
    await expect(hud.getByText('3 selected', { exact: true })).toBeVisible()
    await expect(legend).toContainText('ppm')
    await expect(hud.getByRole('button', { name: 'Apart' })).toHaveAttribute('aria-pressed', 'true')
    await hud.getByRole('button', { name: 'Clear selection' }).click()

    await desk.tab('Cameras').click()
    const gate = page.getByRole('figure', { name: 'Main gate camera' })
    await gate.getByRole('button', { name: 'Look through' }).click()
    const bar = page.getByRole('group', { name: 'Through Main gate camera' })
    await expect(bar).toBeVisible()
    await expect(page.locator('.through-waiting')).toBeHidden()
    await expect(page).toHaveURL(/through=cam-gate/)
    await page.keyboard.press('Escape')
    await expect(bar).toBeHidden()
  } finally {
    await park.stop()
  }
})
