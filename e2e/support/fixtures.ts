import { test as base, expect, type Page } from '@playwright/test'

/** Messages of the browser itself about drawing on the CPU; nothing of ours. */
const harmless = [
  /GPU stall due to ReadPixels/,
  /GroupMarkerNotSet/,
  /software WebGL/i,
  /Automatic fallback to software/i,
]

/** Any page error or console error fails the test, unless the test says that it is the story. */
export const test = base.extend<{ allowErrors: RegExp[]; console: Page }>({
  allowErrors: [[], { option: true }],
  console: async ({ page, allowErrors }, use) => {
    const errors: string[] = []
    const note = (text: string) => {
      if (![...harmless, ...allowErrors].some((pattern) => pattern.test(text))) errors.push(text)
    }
    page.on('pageerror', (error) => note(`page: ${error.stack ?? error.message}`))
    page.on('console', (message) => {
      // Chromium asks for the icon again whenever the address changes, and so after the park has been stopped.
      const icon = message.location().url.endsWith('/favicon.svg') && /ERR_CONNECTION_REFUSED/.test(message.text())
      if (message.type() === 'error' && !icon) note(`console: ${message.text()}`)
    })
    await use(page)
    expect(errors, 'errors in the page').toEqual([])
  },
})

export { expect }
