/** The same pictures through the same code on WebGPU, in a headless Chromium, with the browser's own JPEG decoder. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import type { DetectionManifest } from '../../src/infer/detector-manifest.ts'
import type { LoadedModel } from '../../src/infer/model-manifest.ts'
import { chromiumArgs, findChromium } from '../chromium.ts'
import { serveEnginePage } from '../engine-page/serve.ts'
import type { CocoTruth } from './annotations.ts'
import { type Looked, toCoco } from './to-coco.ts'

export interface BrowserRuns extends Looked {
  /** Engine and adapter, as the warm-up reports them. */
  readonly about: string
}

export async function detectInBrowser(
  { manifest, weights }: LoadedModel<DetectionManifest>,
  images: CocoTruth['images'],
  folder: string,
  categories: readonly (number | undefined)[],
): Promise<BrowserRuns> {
  const scratch = await mkdtemp(join(tmpdir(), 'parkloop-detect-'))
  const weightsPath = join(scratch, 'weights.onnx')
  await writeFile(weightsPath, weights)
  const files = new Map(images.map(({ file_name }, i) => [`/files/${i}`, join(folder, file_name)]))
  const { url, server } = await serveEnginePage(new Map([...files, ['/weights', weightsPath]]))
  const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumArgs })
  try {
    const page = await browser.newPage()
    page.on('pageerror', (error) => process.stderr.write(`page: ${error.message}\n`))
    await page.goto(url)
    await page.waitForFunction(() => window.enginePage !== undefined)
    const report = await page.evaluate((spec) => window.enginePage.open(spec, '/weights', 'webgpu'), manifest)
    const looked: Looked = { detections: [], runsMs: [], unreadable: [] }
    for (const [i, image] of images.entries()) {
      const { file_name, id, width, height } = image
      const run = await page.evaluate(([address, stated]) => window.enginePage.detect(address, stated), [
        `/files/${i}`,
        { width, height },
      ] as const)
      if (run.unreadable !== undefined) {
        looked.unreadable.push({ image, why: `${join(folder, file_name)}: ${run.unreadable}` })
        continue
      }
      looked.runsMs.push(run.ms)
      looked.detections.push(...toCoco(run.detections, id, categories))
    }
    const adapter = await page.evaluate(async () => {
      const info = (await navigator.gpu?.requestAdapter())?.info
      return info ? [info.vendor, info.architecture, info.description].filter(Boolean).join(' ') : 'no adapter'
    })
    return { ...looked, about: `Chromium, ${report.engine}, ${adapter}` }
  } finally {
    await browser.close()
    await server.close()
    await rm(scratch, { recursive: true, force: true })
  }
}
