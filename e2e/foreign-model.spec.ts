import { createHash } from 'node:crypto'
import { tinyDetector } from '../src/testing/tiny-onnx.ts'
import { ConsolePage } from './support/console-page.ts'
import { expect, test } from './support/fixtures.ts'
import { startPark } from './support/park-server.ts'

/** A network that finds a forklift in every picture, always in the same place. */
const weights = Buffer.from(tinyDetector([[4, 4, 20, 20, 0.93, 0]]))
const description = {
  name: 'forklifts everywhere',
  version: '1',
  task: 'detection',
  file: 'foreign.onnx',
  bytes: weights.byteLength,
  sha256: createHash('sha256').update(weights).digest('hex'),
  licence: 'MIT',
  input: { name: 'images', shape: [1, 3, 32, 32] },
  output: { layout: 'end-to-end', name: 'rows' },
  classes: ['forklift'],
}
const file = (name: string, content: string | Buffer) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(content),
})

test('a model from outside is looked into, tried, used for the cameras, kept for the next visit, and given back', async ({
  console: page,
}) => {
  test.setTimeout(400_000)
  const park = await startPark('--seed', '7', '--speed', '1')
  try {
    const desk = new ConsolePage(page)
    await desk.open(park.url)
    await expect(desk.number('Inferences')).toContainText(/WASM|WebGPU/, { timeout: 120_000 })
    await desk.tab('Cameras').click()
    const bar = page.getByRole('region', { name: 'Video model' })
    await expect(bar).toContainText('the shipped one')
    await bar.getByRole('button', { name: 'Change …' }).click()
    const dialog = page.getByRole('dialog', { name: 'Another video model' })
    const files = dialog.getByLabel(/^File/)

    // Refusals have a name and change nothing.
    await files.setInputFiles([file('page.onnx', '<!doctype html><title>Sign in</title>')])
    await expect(dialog.getByRole('alert')).toContainText('This file is no ONNX model')
    const altered = { ...description, sha256: '0'.repeat(64) }
    await files.setInputFiles([file('foreign.onnx', weights), file('model.json', JSON.stringify(altered))])
    await expect(dialog.getByRole('alert')).toContainText('not the one that model.json describes')
    await dialog.getByLabel('Or an address').fill(`${park.url}/models/nowhere/none.txt/x.onnx?`.replace('http', 'ftp'))
    await dialog.getByRole('button', { name: 'Fetch' }).click()
    await expect(dialog.getByRole('alert')).toContainText('This is no address')

    await files.setInputFiles([file('foreign.onnx', weights), file('model.json', JSON.stringify(description))])
    const facts = dialog.getByRole('region', { name: 'The file' })
    await expect(facts).toContainText(description.sha256)
    await expect(facts).toContainText('all operators are supported')
    const use = dialog.getByRole('button', { name: 'Use for all cameras' })
    await expect(use, 'nothing is used that was not tried').toBeDisabled()
    await dialog.getByRole('button', { name: 'Try it' }).click()
    const trial = dialog.getByRole('status', { name: 'Dry run' })
    await expect(trial).toContainText('Finds 1 on a grey picture', { timeout: 60_000 })
    await expect(trial).toContainText(/forklift 0.93/i)
    await use.click()
    await expect(bar).toContainText('foreign.onnx', { timeout: 60_000 })
    // It is this model that looks at the cameras now.
    await expect(page.getByText('1 tracked').first()).toBeVisible({ timeout: 60_000 })

    await page.reload()
    await desk.tab('Cameras').click()
    await expect(bar).toContainText('foreign.onnx', { timeout: 120_000 })
    await bar.getByRole('button', { name: 'Back to the shipped one' }).click()
    await expect(bar).toContainText('the shipped one')
  } finally {
    await park.stop()
  }
})
