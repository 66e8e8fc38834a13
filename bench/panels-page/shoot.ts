/** Screenshots of the panels page: `tsx bench/panels-page/shoot.ts OUT_DIR [name-filter]`; the page must be served at PAGE_URL. */
import { mkdirSync } from 'node:fs'
import { chromium, type Page } from '@playwright/test'
import { chromiumArgs, findChromium } from '../chromium.ts'

const out = process.argv[2] ?? 'test-results/panels'
const filter = process.argv[3] ?? ''
const base = process.env.PAGE_URL ?? 'http://127.0.0.1:5199/'
mkdirSync(out, { recursive: true })

const shots = [
  {
    name: 'dock-1920-dark-en',
    size: [1920, 1080],
    theme: 'dark',
    lang: 'en',
    query: '?story=dock&select=device:chiller-1',
    click: 'Stranger',
  },
  {
    name: 'energy-1920-light-zh',
    size: [1920, 1080],
    theme: 'light',
    lang: 'zh',
    query: '?story=energy',
    click: '用电异常',
    tabs: ['能源', '预测'],
  },
  { name: 'list-1366-dark-zh', size: [1366, 768], theme: 'dark', lang: 'zh', query: '?story=dock' },
  {
    name: 'cameras-1366-light-en',
    size: [1366, 768],
    theme: 'light',
    lang: 'en',
    query: '?story=dock',
    tabs: ['Cameras', 'Plans'],
  },
  { name: 'phone-dark-en', size: [390, 844], theme: 'dark', lang: 'en', query: '?story=dock' },
  { name: 'phone-light-zh', size: [390, 844], theme: 'light', lang: 'zh', query: '?story=dock', tabs: ['能源'] },
  {
    name: 'quiet-1366-light-en',
    size: [1366, 768],
    theme: 'light',
    lang: 'en',
    query: '?story=quiet',
    tabs: ['Rooms'],
  },
  { name: 'connecting-1366-dark-en', size: [1366, 768], theme: 'dark', lang: 'en', query: '?story=connecting' },
] as const

/** Fonts are there, nothing is fading in any more, and that has been drawn. */
async function drawn(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready
    const finite = document
      .getAnimations()
      .filter((a) => a.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY)
    await Promise.allSettled(finite.map((animation) => animation.finished))
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  })
}

const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumArgs })
for (const shot of shots.filter((it) => it.name.includes(filter))) {
  const context = await browser.newContext({
    viewport: { width: shot.size[0], height: shot.size[1] },
    reducedMotion: 'reduce',
  })
  await context.addInitScript(
    `localStorage.setItem('parkloop.language','${shot.lang}');localStorage.setItem('parkloop.theme','${shot.theme}')`,
  )
  const page = await context.newPage()
  page.on('console', (message) => message.type() === 'error' && console.error(shot.name, message.text()))
  page.on('pageerror', (error) => console.error(shot.name, error.message))
  await page.goto(base + shot.query)
  await page.locator('.console').waitFor()
  await drawn(page)
  if ('click' in shot) await page.getByRole('button', { name: shot.click }).first().click()
  for (const tab of 'tabs' in shot ? shot.tabs : []) await page.getByRole('tab', { name: tab }).first().click()
  await drawn(page)
  await page.screenshot({ path: `${out}/${shot.name}.png` })
  await context.close()
}
await browser.close()
