/** `bench scene`: JS time per frame of a park beside bare three.js drawing the same counts, in the same page. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium, type Page } from '@playwright/test'
import { chromiumArgs, findChromium } from './chromium.ts'
import type { SceneFigures } from './scene-page/measure.ts'
import { serveScenePage } from './scene-page/serve.ts'

const usage = `bench scene [flags]
  --site FILE     site file (default public/sites/campus.site.json)
  --tier TIER     floor, low, medium or high (default low: light reckoned per pixel, no shadow map)
  --rounds N      frames of either kind, in turn (default 60)
  --idle MS       how long an idle park is watched (default 10000)
  --most RATIO    JS time over the bare scene's above which the bench fails (default 1.3 from 2,000 instances on;
                  4 below, where eight labels and the frame's own upkeep outweigh so few draws)
  --calls N       draw calls above which it fails (default 150)
`

/** JS time does not depend on pixels; few of them keep a software rasteriser from holding it up. */
const smallPage = { width: 480, height: 270 }

interface PageHooks {
  measure(rounds: number, idleMs: number): Promise<SceneFigures>
  frameMs(rounds: number): number
}

export async function benchScene(args: string[]): Promise<{ pass: boolean; [figure: string]: unknown }> {
  const { values } = parseArgs({
    args,
    options: {
      site: { type: 'string', default: resolve(import.meta.dirname, '../public/sites/campus.site.json') },
      tier: { type: 'string', default: 'low' },
      rounds: { type: 'string', default: '60' },
      idle: { type: 'string', default: '10000' },
      most: { type: 'string' },
      calls: { type: 'string', default: '150' },
      help: { type: 'boolean' },
    },
  })
  if (values.help) {
    process.stderr.write(usage)
    return { pass: true }
  }
  const siteText = readFileSync(values.site, 'utf8')
  const { url, server } = await serveScenePage()
  const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumArgs })
  try {
    const page = await browser.newPage({ viewport: smallPage })
    await page.route('**/bench.site.json', (route) =>
      route.fulfill({ contentType: 'application/json', body: siteText }),
    )
    await page.goto(`${url}?site=/bench.site.json&hour=11&tier=${values.tier}&bench=1`)
    const figures = await measureIn(page, Number(values.rounds), Number(values.idle))
    await page.setViewportSize({ width: 1366, height: 768 })
    const frameMs = await page.evaluate(() => (globalThis as unknown as PageHooks).frameMs(20))
    return judge({ ...figures, frameMs }, values.most, Number(values.calls), values.tier)
  } finally {
    await browser.close()
    await server.close()
  }
}

async function measureIn(page: Page, rounds: number, idleMs: number): Promise<SceneFigures> {
  await page.waitForSelector('html[data-ready]', { timeout: 180_000 })
  process.stderr.write('the scene stands; measuring\n')
  page.setDefaultTimeout(600_000)
  return page.evaluate(([n, idle]) => (globalThis as unknown as PageHooks).measure(n, idle), [rounds, idleMs] as const)
}

function judge(
  f: SceneFigures & { readonly frameMs: number },
  most: string | undefined,
  calls: number,
  tier: string,
): { pass: boolean; [figure: string]: unknown } {
  const ratio = f.jsMs / f.bareJsMs
  const limit = most === undefined ? (f.instances < 2000 ? 4 : 1.3) : Number(most)
  return {
    pass: ratio <= limit && f.drawCalls <= calls && f.pickP95Ms < 4 && f.idleFrames === 0 && f.valueChangeFrames === 1,
    tier,
    jsOverBare: round(ratio),
    renderOverBare: round(f.renderJsMs / f.bareJsMs),
    jsOverOneInstancedMesh: round(f.jsMs / f.oneMeshJsMs),
    jsMs: round(f.jsMs),
    bareJsMs: round(f.bareJsMs),
    drawCalls: f.drawCalls,
    triangles: f.triangles,
    instances: f.instances,
    pickP95Ms: round(f.pickP95Ms),
    syncP95Ms: round(f.syncP95Ms),
    valueChangeFrames: f.valueChangeFrames,
    idleFrames: f.idleFrames,
    framesPerS: round(1000 / f.frameMs),
    geometries: f.geometries,
    textures: f.textures,
  }
}

function round(x: number): number {
  return Math.round(x * 1000) / 1000
}
