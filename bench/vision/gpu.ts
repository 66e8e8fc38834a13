/** The shipped code on WebGPU in a headless Chromium: how much GPU memory it holds look after look, and what a lost device costs. */
import { join } from 'node:path'
import { type Browser, chromium } from '@playwright/test'
import { systemClock } from '../../src/platform/clock.ts'
import { chromiumArgs, findChromium } from '../chromium.ts'
import { serveEnginePage } from '../engine-page/serve.ts'
import { rounded } from '../model-card.ts'
import { loadDetector } from './open-detector.ts'

/** What the runtime takes for its first looks it keeps. */
const warmUpLooks = 3

export type GpuFigures = Awaited<ReturnType<typeof measured>>

/** Undefined when it is not through within `limitS`: a processor that plays a GPU may compile for many minutes. */
export async function gpuFigures(folder: string, looks: number, limitS: number): Promise<GpuFigures | undefined> {
  const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumArgs })
  let late = false
  const cancel = systemClock.after(limitS * 1000, () => {
    late = true
    void browser.close()
  })
  try {
    return await measured(browser, folder, looks)
  } catch (error) {
    if (late) return undefined
    throw error
  } finally {
    cancel()
    await browser.close()
  }
}

async function measured(browser: Browser, folder: string, looks: number) {
  const { manifest } = await loadDetector(folder)
  const served = ['model.json', manifest.file].map((file) => [`/model/${file}`, join(folder, file)] as const)
  const { url, server } = await serveEnginePage(new Map(served))
  try {
    const page = await browser.newPage()
    page.on('pageerror', (error) => process.stderr.write(`page: ${error.message}\n`))
    await page.goto(url)
    await page.waitForFunction(() => window.enginePage !== undefined)
    const weights = `/model/${manifest.file}`
    const report = await page.evaluate(([spec, address]) => window.enginePage.open(spec, address, 'webgpu'), [
      manifest,
      weights,
    ] as const)
    if (report.engine !== 'webgpu') throw new Error(`no WebGPU here: ${report.why}`)
    const bytes: number[] = []
    for (let look = 0; look < looks; look++) bytes.push(await page.evaluate(() => window.enginePage.lookAtNoise()))
    await page.evaluate(() => window.enginePage.close())
    const loss = await page.evaluate((address) => window.enginePage.loseDevice(address), '/model/')
    const settled = bytes.slice(Math.min(warmUpLooks, bytes.length - 1))
    return {
      gpuLooks: looks,
      gpuMb: rounded((bytes.at(-1) ?? 0) / 1e6, 2),
      gpuGrownBytes: (settled.at(-1) ?? 0) - (settled[0] ?? 0),
      gpuMsPerRun: rounded(report.webgpuMs ?? Number.NaN, 1),
      takeoverMs: rounded(loss.takeoverMs, 0),
      takenOverBy: loss.engine,
    }
  } finally {
    await server.close()
  }
}
