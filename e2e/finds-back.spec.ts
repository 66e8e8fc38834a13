import type { Page } from '@playwright/test'
import { ConsolePage } from './support/console-page.ts'
import { expect, test } from './support/fixtures.ts'
import { type ParkServer, startPark } from './support/park-server.ts'

test.use({ allowErrors: [/Failed to load resource|ResizeObserver|WebGL|net::ERR/] })

let park: ParkServer

test.beforeAll(async () => {
  park = await startPark()
})
test.afterAll(() => park?.stop())

/** The page itself, whatever is asked of it. */
const itself = /^https?:\/\/[^/]+\/(\?.*)?$/

/** A host that is away answers nothing; the browser would put an error page of its own in the page's place. */
async function hostAway(page: Page): Promise<void> {
  await page.route(itself, (route) => route.abort())
}

test('a page that fails waits for a host that is away, and comes back with it', async ({ console: page }) => {
  await page.clock.install()
  await page.addInitScript(() => {
    if (sessionStorage.getItem('failed')) return
    sessionStorage.setItem('failed', 'once')
    Object.assign(window, { ResizeObserver: undefined })
  })
  const desk = new ConsolePage(page)
  await desk.open(park.url)
  const failed = page.getByRole('alert')
  await expect(failed).toContainText('The console’s page has failed.')
  await hostAway(page)
  for (let minute = 0; minute < 3; minute++) {
    const asked = page.waitForRequest((request) => request.method() === 'HEAD')
    await page.clock.runFor(60_000)
    await asked
  }
  await expect(failed).toBeVisible()
  await page.unroute(itself)
  await page.clock.runFor(61_000)
  await expect(desk.online).toBeVisible()
})

for (const [what, missing, says] of [
  ['its settings', '**/config.json', 'found no config.json'],
  ['its code', '**/assets/index-*.js', 'could not be loaded'],
] as const)
  test(`a page that began while its host had not yet ${what} begins anew by itself`, async ({ console: page }) => {
    await page.clock.install()
    await page.route(missing, (route) => route.fulfill({ status: 503 }))
    const desk = new ConsolePage(page)
    await desk.open(park.url)
    await expect(page.getByText(says)).toBeVisible()
    await page.unroute(missing)
    await page.clock.runFor(61_000)
    await expect(desk.online).toBeVisible()
  })

test('a browser without WebGL is told so, keeps its page, and draws as soon as it can', async ({ console: page }) => {
  await page.clock.install()
  let loads = 0
  page.on('load', () => loads++)
  await page.addInitScript(() => {
    const { getContext } = HTMLCanvasElement.prototype
    Object.assign(window, { drivers: false })
    Object.assign(HTMLCanvasElement.prototype, {
      getContext(this: HTMLCanvasElement, kind: string, ...how: unknown[]) {
        const blocked = kind.startsWith('webgl') && !(window as unknown as { drivers: boolean }).drivers
        return blocked ? null : Reflect.apply(getContext, this, [kind, ...how])
      },
    })
  })
  const desk = new ConsolePage(page)
  await desk.open(park.url, '#device=chiller-1')
  const notice = page.getByText('This browser draws no 3D picture')
  await expect(notice).toBeVisible()
  await expect(desk.online).toBeVisible()
  await page.clock.runFor(180_000)
  await expect(notice).toBeVisible()
  expect(loads).toBe(1)
  await page.evaluate(() => Object.assign(window, { drivers: true }))
  await page.clock.runFor(61_000)
  await expect(page.getByRole('application')).toBeVisible()
})

test('who works by keys skips to the work list without closing anything, and keeps a place where buttons go away', async ({
  console: page,
}) => {
  const desk = new ConsolePage(page)
  await desk.open(park.url, '#device=chiller-1')
  await expect(page.getByRole('heading', { name: 'Chiller 1' })).toBeVisible()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(desk.incidents).toBeFocused()
  expect(await page.evaluate(() => window.location.hash)).toBe('#device=chiller-1')

  await page.getByRole('button', { name: 'Hide Work list' }).focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await expect(page.getByRole('button', { name: 'Show Work list' })).toBeFocused()

  // Who has left a button before it goes is somewhere else by now.
  await page.keyboard.press('Enter')
  const hide = page.getByRole('button', { name: 'Hide Work list' })
  await hide.evaluate((button: HTMLElement) => {
    button.focus()
    button.blur()
  })
  await hide.dispatchEvent('click')
  await expect(page.getByRole('button', { name: 'Show Work list' })).toBeVisible()
  expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true)
})

test('rooms and their figures fit the narrowest panel and the smallest phone', async ({ console: page }) => {
  for (const size of [
    { width: 1100, height: 700 },
    { width: 280, height: 640 },
  ]) {
    await page.setViewportSize(size)
    const desk = new ConsolePage(page)
    await desk.open(park.url)
    await desk.tab('Rooms').click()
    await expect(page.getByText('ppm').first()).toBeVisible()
    const spills = await page.locator('.room').evaluateAll((rooms) =>
      rooms
        .flatMap((room) => [room, ...room.querySelectorAll('.room-figures div')])
        .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
        .map(({ textContent }) => textContent),
    )
    expect(spills).toEqual([])
    const [room, panel] = await Promise.all([
      page.locator('.room').first().boundingBox(),
      page.locator('.tab-panel', { has: page.locator('.room') }).boundingBox(),
    ])
    expect((room?.x ?? 0) + (room?.width ?? 0)).toBeLessThanOrEqual((panel?.x ?? 0) + (panel?.width ?? 0))
  }
})
