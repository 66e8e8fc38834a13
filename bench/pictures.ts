/**
 * Makes the pictures of the documentation from the running product: `tsx bench/pictures.ts`. What they show is waited
 * for by role and attribute, never by time. `PARKLOOP_PICTURE_QUALITY` chooses the scene's tier.
 */
import { mkdir, stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from '@playwright/test'
import { startPark } from '../e2e/support/park-server.ts'
import { chromiumArgs, findChromium } from './chromium.ts'

const folder = fileURLToPath(new URL('../docs/pictures/', import.meta.url))
const largestBytes = 600_000
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
async function shoot(page: Page, name: string): Promise<void> {
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
  const path = `${folder}${name}.png`
  await page.screenshot({ path, timeout: patienceMs })
  const { size } = await stat(path)
  console.log(`${name}.png ${Math.round(size / 1000)} kB`)
  if (size > largestBytes) throw new Error(`${name}.png has ${size} bytes, at most ${largestBytes}`)
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

await mkdir(folder, { recursive: true })
const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumArgs })
const park = await startPark('--seed', '7', '--speed', '1')
try {
  const chinese = await openConsole(browser, park.url, { language: 'zh', theme: 'light' })
  await shootChinese(chinese)
  await chinese.close()
  const english = await openConsole(browser, park.url, { language: 'en', theme: 'dark' })
  await shootDay(english)
  await shootNight(english)
} finally {
  await park.stop()
  await browser.close()
}
