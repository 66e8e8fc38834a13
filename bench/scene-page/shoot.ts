/** `tsx bench/scene-page/shoot.ts OUT_DIR NAME=QUERY…`: pictures of the scene page, one after the other. Size by SHOT_SIZE=1366x768. */
import { mkdirSync } from 'node:fs'
import { chromium } from '@playwright/test'
import { chromiumArgs, findChromium } from '../chromium.ts'
import { openScenePage, serveScenePage } from './serve.ts'

const [out = 'test-results/scene', ...shots] = process.argv.slice(2)
const [width = 1366, height = 768] = (process.env.SHOT_SIZE ?? '1366x768').split('x').map(Number)
mkdirSync(out, { recursive: true })
const { url, server } = await serveScenePage()
const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumArgs })
try {
  for (const shot of shots) {
    const cut = shot.indexOf('=')
    const page = await browser.newPage({ viewport: { width, height } })
    page.on(
      'console',
      (m) => (m.type() === 'error' || m.type() === 'warning') && console.error(m.text().slice(0, 1500)),
    )
    const started = performance.now()
    await openScenePage(page, `${url}?${shot.slice(cut + 1)}`, 240_000)
    await page.screenshot({ path: `${out}/${shot.slice(0, cut)}.png`, timeout: 120_000 })
    console.error(shot.slice(0, cut), `${Math.round(performance.now() - started)} ms`)
    await page.close()
  }
} finally {
  await browser.close()
  await server.close()
}
