/** `bench switch`: one site after the other in the same scene; what is counted must be what it was. */
import { parseArgs } from 'node:util'
import { type CDPSession, chromium, type Page } from '@playwright/test'
import { buildCampus } from '../src/site/campus/campus.ts'
import { tinySite } from '../src/testing/tiny-site.ts'
import { chromiumArgs, findChromium } from './chromium.ts'
import { machineLoad } from './machine-load.ts'
import { openScenePage, serveScenePage } from './scene-page/serve.ts'
import type { GpuCounts } from './scene-page/switch-sites.ts'

const usage = `bench switch [flags]
  --times N   changes of site (default 50)
  --tier TIER floor, low, medium or high (default floor)
  --grow KB   growth of the JavaScript heap above which it fails (default 1024)
`

interface PageHooks {
  switchTo(times: number): Promise<GpuCounts>
}

export async function benchSwitch(args: string[]): Promise<{ pass: boolean; [figure: string]: unknown }> {
  const { values } = parseArgs({
    args,
    options: {
      times: { type: 'string', default: '50' },
      tier: { type: 'string', default: 'floor' },
      grow: { type: 'string', default: '1024' },
      help: { type: 'boolean' },
    },
  })
  if (values.help) {
    process.stderr.write(usage)
    return { pass: true }
  }
  const { url, server } = await serveScenePage()
  const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumArgs })
  try {
    const page = await browser.newPage({ viewport: { width: 320, height: 180 } })
    page.setDefaultTimeout(900_000)
    for (const [name, site] of Object.entries({ bench: buildCampus(), other: tinySite() }))
      await page.route(`**/${name}.site.json`, (route) =>
        route.fulfill({ contentType: 'application/json', body: JSON.stringify(site) }),
      )
    await openScenePage(page, `${url}?site=/bench.site.json&checked=1&hour=11&tier=${values.tier}&tracks=0`)
    const cdp = await page.context().newCDPSession(page)
    const change = (times: number) => page.evaluate((n) => (globalThis as unknown as PageHooks).switchTo(n), times)
    // The first changes compile shaders and JavaScript and fill caches that are kept on purpose.
    const before = await change(12)
    const heapBefore = await heapKb(page, cdp)
    const after = await change(Number(values.times))
    const grownKb = (await heapKb(page, cdp)) - heapBefore
    const same = (Object.keys(before) as (keyof GpuCounts)[]).every((key) => before[key] === after[key])
    return {
      pass: same && grownKb <= Number(values.grow),
      times: Number(values.times),
      tier: values.tier,
      before,
      after,
      grownKb,
      ...machineLoad(),
    }
  } finally {
    await browser.close()
    await server.close()
  }
}

/** After a forced collection, without the timings that React's development build keeps of every commit. */
async function heapKb(page: Page, cdp: CDPSession): Promise<number> {
  await page.evaluate(() => {
    performance.clearMeasures()
    performance.clearMarks()
  })
  for (let i = 0; i < 3; i++) await cdp.send('HeapProfiler.collectGarbage')
  const { usedSize } = await cdp.send('Runtime.getHeapUsage')
  return Math.round(usedSize / 1024)
}
