import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { serveEnginePage } from '../bench/engine-page/serve.ts'
import { checkManifest, type ModelManifest } from '../src/infer/model-manifest.ts'
import { tinyDetector } from '../src/testing/tiny-onnx.ts'
import { expect, test } from './support/fixtures.ts'

const folder = 'models/detector'
const manifest = shippedManifest()
/** A network of five operators: a software adapter compiles the shipped one for a minute, and this test is not about it. */
const small = mkdtempSync(join(tmpdir(), 'parkloop-small-'))
const files = new Map([
  [`/models/detector/${manifest.file}`, `${folder}/${manifest.file}`],
  ['/models/small/model.json', join(small, 'model.json')],
  ['/models/small/small.onnx', join(small, 'small.onnx')],
])
const weightsUrl = `/models/detector/${manifest.file}`

function shippedManifest(): ModelManifest {
  const checked = checkManifest(JSON.parse(readFileSync(`${folder}/model.json`, 'utf8')))
  if (!checked.ok) throw new Error(checked.error.message)
  return checked.value
}

test.beforeAll(() => {
  const weights = tinyDetector([[4, 4, 12, 12, 0.9, 0]])
  writeFileSync(join(small, 'small.onnx'), weights)
  const description = {
    name: 'small',
    version: '1',
    task: 'detection',
    file: 'small.onnx',
    bytes: weights.byteLength,
    sha256: createHash('sha256').update(weights).digest('hex'),
    licence: 'MIT',
    input: { name: 'images', shape: [1, 3, 32, 32] },
    output: { layout: 'end-to-end', name: 'rows' },
    classes: ['person'],
  }
  writeFileSync(join(small, 'model.json'), JSON.stringify(description))
})
test.afterAll(() => rmSync(small, { recursive: true }))

async function withEnginePage(page: Page, use: (hasGpu: boolean) => Promise<void>): Promise<void> {
  const { url, server } = await serveEnginePage(files)
  try {
    await page.goto(url)
    await page.waitForFunction(() => window.enginePage !== undefined)
    await use(await page.evaluate(async () => Boolean(await navigator.gpu?.requestAdapter())))
  } finally {
    await page.goto('about:blank')
    await server.close()
  }
}

/** Without an adapter the promise is another: nothing is lost, WASM does it and says why. */
async function expectWasmAlone(page: Page): Promise<void> {
  const report = await page.evaluate(([spec, weights]) => window.enginePage.open(spec, weights, 'auto'), [
    manifest,
    weightsUrl,
  ] as const)
  expect(report).toMatchObject({ engine: 'wasm', why: expect.stringContaining('webgpu') })
}

test.describe('the shipped detector on WebGPU', () => {
  test.use({ allowErrors: [/WebGPU|Device|device/] })

  test('is computed by it alone: no operator falls back, says the session’s profile', async ({ console: page }) => {
    // A CPU that plays a GPU compiles and runs every shader of it.
    test.setTimeout(600_000)
    await withEnginePage(page, async (hasGpu) => {
      if (!hasGpu) return expectWasmAlone(page)
      if (manifest.task !== 'detection') throw new Error('not a detector')
      const { name, shape } = manifest.input
      const nodes = await page.evaluate(([address, input]) => window.enginePage.profile(address, input), [
        weightsUrl,
        { name, shape },
      ] as const)
      expect(nodes.length).toBeGreaterThan(20)
      const elsewhere = nodes.filter(({ provider }) => provider !== 'WebGpuExecutionProvider')
      expect(elsewhere, 'operators that another engine computed').toEqual([])
      expect(nodes.filter(({ operator }) => operator.startsWith('Memcpy'))).toEqual([])
    })
  })

  test('hands over to WASM within a second when its device is destroyed, and nobody reloads', async ({
    console: page,
  }) => {
    await withEnginePage(page, async (hasGpu) => {
      if (!hasGpu) return expectWasmAlone(page)
      const loss = await page.evaluate((address) => window.enginePage.loseDevice(address), '/models/small/')
      expect(loss.enginesBefore.length).toBeGreaterThanOrEqual(2)
      expect(loss).toMatchObject({ engine: 'wasm', why: expect.stringMatching(/^GPU lost: /) })
      expect(loss.faults).toEqual(['infer.gpuLost'])
      test.info().annotations.push({ type: 'takeover', description: `${loss.takeoverMs.toFixed(0)} ms` })
      expect(loss.takeoverMs).toBeLessThan(1000)
    })
  })
})
