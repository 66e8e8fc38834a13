/** `bench scene`: JS time per frame of a park beside bare three.js drawing the same counts, in the same page. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Browser, chromium, type Page } from '@playwright/test'
import { buildCampus } from '../src/site/campus/campus.ts'
import { buildDistrict, districtDefaults } from '../src/site/district/district.ts'
import type { SiteFile } from '../src/site/schema.ts'
import { chromiumArgs, findChromium } from './chromium.ts'
import { machineLoad } from './machine-load.ts'
import type { SceneFigures } from './scene-page/measure.ts'
import { openScenePage, serveScenePage } from './scene-page/serve.ts'

const usage = `bench scene [flags]
  --site WHICH    campus, district, or a site file (default campus)
  --devices N     size of the district (default ${districtDefaults.devices})
  --sweep         the district with 1,000 … 50,000 devices, one line for each; the last line judges ${districtDefaults.devices}
  --tier TIER     low, medium or high (default low: light reckoned per pixel, no shadow map; floor is bench floor's)
  --rounds N      frames of either kind, in turn (default 120)
  --idle MS       how long an idle park is watched (default 10000)
  --most RATIO    JS time over the bare scene's above which the bench fails (default 1.3)
  --calls N       draw calls above which it fails (default 150)
`

/** JS time does not depend on pixels; few of them keep a software rasteriser from holding it up. */
const smallPage = { width: 480, height: 270 }
const sweepDevices = [1000, 3000, 10_000, 25_000, 50_000]

type Figures = { pass: boolean; [figure: string]: unknown }

interface PageHooks {
  measure(rounds: number, idleMs: number): Promise<SceneFigures>
  frameMs(rounds: number): number
}

interface Limits {
  readonly tier: string
  readonly rounds: number
  readonly idleMs: number
  /** Whole pictures that are timed. */
  readonly pictures: number
  readonly most: number
  readonly calls: number
}

export async function benchScene(args: string[]): Promise<Figures> {
  const { values } = parseArgs({
    args,
    options: {
      site: { type: 'string', default: 'campus' },
      devices: { type: 'string', default: String(districtDefaults.devices) },
      sweep: { type: 'boolean', default: false },
      tier: { type: 'string', default: 'low' },
      rounds: { type: 'string', default: '120' },
      idle: { type: 'string', default: '10000' },
      most: { type: 'string', default: '1.3' },
      calls: { type: 'string', default: '150' },
      help: { type: 'boolean' },
    },
  })
  if (values.help) {
    process.stderr.write(usage)
    return { pass: true }
  }
  const limits: Limits = {
    tier: values.tier,
    rounds: Number(values.rounds),
    idleMs: Number(values.idle),
    pictures: 8,
    most: Number(values.most),
    calls: Number(values.calls),
  }
  const { url, server } = await serveScenePage()
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: [...chromiumArgs, '--js-flags=--expose-gc'],
  })
  try {
    if (values.sweep) return await sweep(browser, url, limits)
    return judge(await measureSite(browser, url, siteOf(values.site, Number(values.devices)), limits), limits)
  } finally {
    await browser.close()
    await server.close()
  }
}

function siteOf(which: string, devices: number): SiteFile {
  if (which === 'campus') return buildCampus()
  if (which === 'district') return buildDistrict({ devices })
  return JSON.parse(readFileSync(resolve(which), 'utf8')) as SiteFile
}

/** How everything grows. Small pages measure the same things; only the district of the default size is judged. */
async function sweep(browser: Browser, url: string, limits: Limits): Promise<Figures> {
  const rows: Figures[] = []
  for (const devices of sweepDevices) {
    const idleMs = devices === districtDefaults.devices ? limits.idleMs : 1000
    const figures = await measureSite(browser, url, buildDistrict({ devices }), { ...limits, idleMs, pictures: 2 })
    const row = judge(figures, limits)
    process.stderr.write(`${JSON.stringify({ devices, ...row })}\n`)
    rows.push({ devices, ...row })
  }
  const judged = rows.find((row) => row.devices === districtDefaults.devices)
  return { pass: judged?.pass ?? false, sweep: rows }
}

async function measureSite(browser: Browser, url: string, site: SiteFile, limits: Limits) {
  const page = await browser.newPage({ viewport: smallPage })
  try {
    page.setDefaultTimeout(900_000)
    await page.route('**/bench.site.json', (route) =>
      route.fulfill({ contentType: 'application/json', body: JSON.stringify(site) }),
    )
    // The page takes what this process has built and checked as it stands, and draws little until pixels are timed.
    await openScenePage(page, `${url}?site=/bench.site.json&checked=1&hour=11&tier=${limits.tier}&bench=1&draws=light`)
    const figures = await measureIn(page, limits.rounds, limits.idleMs)
    await page.setViewportSize({ width: 1366, height: 768 })
    const frameMs = await page.evaluate((n) => (globalThis as unknown as PageHooks).frameMs(n), limits.pictures)
    return { ...figures, frameMs }
  } finally {
    await page.close()
  }
}

async function measureIn(page: Page, rounds: number, idleMs: number): Promise<SceneFigures> {
  process.stderr.write('the scene stands; measuring\n')
  return page.evaluate(([n, idle]) => (globalThis as unknown as PageHooks).measure(n, idle), [rounds, idleMs] as const)
}

function judge(f: SceneFigures & { readonly frameMs: number }, { most, calls, tier }: Limits): Figures {
  const ratio = f.jsMs / f.bareJsMs
  return {
    pass: ratio <= most && f.drawCalls <= calls && f.pickP95Ms < 4 && f.idleFrames === 0 && f.valueChangeFrames === 1,
    tier,
    jsOverBare: round(ratio),
    renderOverBare: round(f.renderJsMs / f.bareJsMs),
    jsMs: round(f.jsMs),
    bareJsMs: round(f.bareJsMs),
    drawCalls: f.drawCalls,
    triangles: f.triangles,
    instances: f.instances,
    devicesDrawn: f.devicesDrawn,
    pickP95Ms: round(f.pickP95Ms),
    beatP95Ms: round(f.syncP95Ms),
    valueChangeFrames: f.valueChangeFrames,
    idleFrames: f.idleFrames,
    framesPerS: round(1000 / f.frameMs),
    buildMs: Math.round(f.buildMs),
    heapMb: round(f.heapMb),
    gpuMb: round(f.gpuMb),
    geometries: f.geometries,
    textures: f.textures,
    ...machineLoad(),
  }
}

function round(x: number): number {
  return Math.round(x * 1000) / 1000
}
