import { readFileSync } from 'node:fs'
import { parseSite } from '../src/site/load.ts'
import { cameraModel, worldFromImage } from '../src/site/projection.ts'
import { CameraCardObject } from './support/camera-card.ts'
import { ConsolePage } from './support/console-page.ts'
import { expect, test } from './support/fixtures.ts'
import { startPark } from './support/park-server.ts'

/** Places that the picture's pixels truly show, read from the site file as a surveyor would. */
function survey(shares: readonly (readonly [number, number])[]) {
  const site = parseSite(JSON.parse(readFileSync('public/sites/campus.site.json', 'utf8')))
  const camera = site.ok ? site.value.cameras.find(({ id }) => id === 'cam-plaza') : undefined
  if (!camera) throw new Error('no plaza camera')
  return shares.map(([x, y]) => {
    const [px, py] = [x * camera.lens.widthPx, y * camera.lens.heightPx]
    const ground = worldFromImage(cameraModel(camera), px, py)
    if (!ground) throw new Error('above the horizon')
    return [px, py, ground.eastM, ground.northM].map((value) => value.toFixed(4))
  })
}

test('a camera is calibrated from points of the ground, by keyboard and by clicks in the picture and in the park', async ({
  console: page,
}) => {
  const park = await startPark()
  try {
    const desk = new ConsolePage(page)
    await desk.open(park.url)
    await desk.tab('Cameras').click()
    await new CameraCardObject(page, 'Plaza camera').card.getByRole('button', { name: 'Calibrate' }).click()
    const panel = page.getByRole('region', { name: 'Where Plaza camera stands' })
    const add = async (values: readonly string[]) => {
      for (const [i, label] of ['x, px', 'y, px', 'East, m', 'North, m'].entries())
        await panel.getByLabel(label, { exact: true }).fill(values[i] ?? '')
      await panel.getByRole('button', { name: 'Add' }).click()
    }
    const line = survey([0.1, 0.3, 0.6, 0.9].map((x) => [x, 0.8] as const))
    for (const values of line) await add(values)
    await expect(panel).toContainText('lie on one line')
    for (const values of survey([
      [0.3, 0.5],
      [0.8, 0.55],
    ]))
      await add(values)
    await expect(panel.getByRole('region', { name: 'Pose found' })).toContainText(
      '-36.50 m east, -5.50 m north, 5.50 m up',
    )
    await expect(panel).toContainText('heading 138.0°, pitch -17.0°, roll 0.0°')

    // A click in the held picture and one in the park are a point as well, here a wrong one.
    await expect(panel.getByRole('button', { name: 'New picture' })).toBeVisible()
    await panel.getByRole('img', { name: /held still/ }).click({ position: { x: 180, y: 150 } })
    await expect(panel).toContainText('now click the same spot in the park')
    await page.getByRole('main', { name: 'Park in 3D' }).click({ position: { x: 640, y: 420 } })
    const points = panel.getByRole('list', { name: 'Points' })
    await expect(points.getByRole('listitem')).toHaveCount(7)
    await points.getByRole('button', { name: 'Remove point 7' }).click()

    await panel.getByRole('button', { name: 'Use it now' }).click()
    await expect(panel).toContainText('In use until this page is loaded anew')
    await panel.getByRole('button', { name: 'Close' }).click()
    await expect(panel).toHaveCount(0)
  } finally {
    await park.stop()
  }
})
