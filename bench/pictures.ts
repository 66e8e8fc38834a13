/**
 * Makes the pictures of the documentation from the running product: `tsx bench/pictures.ts [console] [layers] [hours] [sites | factory | district]`,
 * all of them where none is named. What they show is waited
 * for by role and attribute, never by time. `PARKLOOP_PICTURE_QUALITY` chooses the scene's tier.
 */
import { mkdir, stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from '@playwright/test'
import { startPark } from '../e2e/support/park-server.ts'
import { chromiumArgs, findChromium } from './chromium.ts'

const folder = fileURLToPath(new URL('../docs/pictures/', import.meta.url))
const largestBytes = 1_200_000
/** Three hundred buildings leave a PNG little to shrink. */
const largestCityBytes = 1_400_000
const quality = process.env.PARKLOOP_PICTURE_QUALITY ?? 'medium'
/** A CPU draws this scene; what takes a second on a GPU takes long here. */
const patienceMs = 120_000

interface Look {
  readonly language: 'en' | 'zh'
  readonly theme: 'dark' | 'light'
}

async function openConsole(browser: Browser, url: string, look: Look): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 }, reducedMotion: 'reduce' })
  page.setDefaultTimeout(patienceMs)
  await page.addInitScript(({ language, theme }) => {
    localStorage.setItem('parkloop.tour', 'seen')
    localStorage.setItem('parkloop.language', language)
    localStorage.setItem('parkloop.theme', theme)
  }, look)
  await page.goto(`${url}/?quality=${quality}`)
  await page.locator('[data-label^="building:"]').first().waitFor()
  // An engine infers: the second figure of the loop is no longer zero.
  await page.waitForFunction(
    () => Number(document.querySelectorAll('.loop-numbers dd b')[1]?.textContent?.replace(',', '.')) > 0,
  )
  return page
}

/** Two frames after all is said: the scene draws on demand, the second one shows what the first was asked for. */
async function shoot(page: Page, name: string, mostBytes = largestBytes): Promise<void> {
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
  const path = `${folder}${name}.png`
  await page.screenshot({ path, timeout: patienceMs })
  const { size } = await stat(path)
  console.log(`${name}.png ${Math.round(size / 1000)} kB`)
  if (size > mostBytes) throw new Error(`${name}.png has ${size} bytes, at most ${mostBytes}`)
}

/** Meters report by turns: until the site's and the buildings' have, the panel rightly shows dashes. */
async function metersRead(page: Page, details: string): Promise<void> {
  const kilowatts = page.getByRole('complementary', { name: details }).getByText(/^[\d.,]+ kW$/)
  await kilowatts.nth(6).waitFor()
}

/** By day: the site's forecast stands and people are seen. */
async function shootDay(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Energy', exact: true }).click()
  await page
    .getByRole('img', { name: /^Forecast and actual power/ })
    .first()
    .waitFor()
  await metersRead(page, 'Details')
  await shoot(page, 'console')
}

async function shootNight(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Stories' }).click()
  await page.getByRole('menuitem', { name: 'A stranger at the dock' }).click()
  await page
    .getByRole('region', { name: 'Incidents' })
    .getByRole('button', { name: 'Stranger in a restricted zone' })
    .click()
  await page.getByRole('button', { name: 'Approve' }).waitFor()
  await page.locator('[data-label^="incident:"]').first().waitFor()
  await page.getByRole('tab', { name: 'Cameras', exact: true }).click()
  await page.getByRole('img', { name: 'Live picture of Dock camera' }).first().waitFor()
  await page.getByText('New incident').first().waitFor({ state: 'hidden' })
  await shoot(page, 'console-night')
}

async function shootChinese(page: Page): Promise<void> {
  await page.getByRole('tab', { name: '能源', exact: true }).click()
  await page.locator('.recharts-surface').first().waitFor()
  await metersRead(page, '详情')
  await shoot(page, 'console-zh-light')
}

/** Layers from the park as a whole, and those that live indoors with the storeys of one building drawn apart. */
const layerPictures = [
  ['layer-energy', 'layer=energy', 'Energy flow'],
  ['layer-power', 'layer=power', 'Power density'],
  ['layer-coverage', 'layer=coverage', 'Camera coverage'],
  ['layer-health', 'layer=health', 'Device health'],
  ['layer-network', 'layer=network', 'Network quality'],
  ['layer-occupancy', 'layer=occupancy', 'Occupancy'],
  ['layer-temperature', 'layer=temperature&storey=office-a/f3&mode=explode', 'Temperature'],
  ['layer-humidity', 'layer=humidity&storey=office-a/f3&mode=explode', 'Humidity'],
  ['layer-co2', 'layer=co2&storey=lab/f1', 'CO₂'],
  ['layer-pm25', 'layer=pm25&storey=canteen/f1', 'PM2.5'],
  ['layer-comfort', 'layer=comfort&storey=office-b/f3&mode=isolate', 'Comfort'],
] as const

async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate((next) => {
    window.location.hash = next
  }, hash)
}

/** Each layer once its legend tells of readings; folded panels leave the picture to the park. */
async function shootLayers(page: Page): Promise<void> {
  await foldPanels(page)
  // Meters report by turns: with the seventh building's all have.
  await goTo(page, 'layer=power')
  await page
    .getByRole('region', { name: 'Legend: Power density' })
    .getByText(/^([7-9]|\d\d+) readings/)
    .waitFor()
  for (const [name, hash, title] of layerPictures) {
    await goTo(page, hash)
    const legend = page.getByRole('region', { name: `Legend: ${title}` })
    await legend.getByText(/[1-9]/).first().waitFor()
    await shoot(page, name)
  }
}

async function foldPanels(page: Page): Promise<void> {
  for (const name of ['Hide Work list', 'Hide Details'])
    await page.getByRole('button', { name, exact: true }).dispatchEvent('click')
}

/** The campus at an hour, without a word over it but its names. */
async function shootHour(browser: Browser, name: string, start: string, hash = ''): Promise<void> {
  const park = await startPark('--seed', '7', '--speed', '1', '--start', start)
  try {
    const page = await openConsole(browser, park.url, { language: 'en', theme: 'dark' })
    await foldPanels(page)
    await goTo(page, hash)
    await shoot(page, name)
    await page.close()
  } finally {
    await park.stop()
  }
}

/** Morning to night of a day without rain at the site, UTC+8. */
const hours = [
  ['campus-day', '2026-06-18T16:10:00+08:00', ''],
  ['campus-dusk', '2026-06-18T19:05:00+08:00', ''],
  ['campus-night', '2026-06-18T21:30:00+08:00', ''],
  ['campus-cut-away', '2026-06-18T10:30:00+08:00', 'storey=office-a/f3'],
] as const

/** By this seed a fine day. */
const fineMorning = ['--seed', '7', '--speed', '1', '--start', '2026-06-18T09:30:00+08:00']

/** The other two shipped sites in the late morning, without panels. */
const sites = ['factory', 'district'] as const

async function shootSite(browser: Browser, site: string): Promise<void> {
  const park = await startPark(...fineMorning, '--site', site)
  try {
    const page = await openConsole(browser, park.url, { language: 'en', theme: 'dark' })
    await foldPanels(page)
    await shoot(page, site, site === 'district' ? largestCityBytes : largestBytes)
    await page.close()
  } finally {
    await park.stop()
  }
}

async function shootConsole(browser: Browser, url: string): Promise<void> {
  const chinese = await openConsole(browser, url, { language: 'zh', theme: 'light' })
  await shootChinese(chinese)
  await chinese.close()
  const english = await openConsole(browser, url, { language: 'en', theme: 'dark' })
  await shootDay(english)
  await shootNight(english)
  await english.close()
}

await mkdir(folder, { recursive: true })
const wanted = process.argv.slice(2)
const wants = (group: string) => wanted.length === 0 || wanted.includes(group)
const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumArgs })
try {
  if (wants('layers') || wants('console')) {
    const park = await startPark(...fineMorning)
    try {
      if (wants('layers')) {
        const page = await openConsole(browser, park.url, { language: 'en', theme: 'dark' })
        await shootLayers(page)
        await page.close()
      }
      if (wants('console')) await shootConsole(browser, park.url)
    } finally {
      await park.stop()
    }
  }
  for (const site of sites) if (wants('sites') || wants(site)) await shootSite(browser, site)
  if (wants('hours')) for (const [name, start, hash] of hours) await shootHour(browser, name, start, hash)
} finally {
  await browser.close()
}
