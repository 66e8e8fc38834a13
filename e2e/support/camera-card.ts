import type { Locator, Page } from '@playwright/test'

/** One camera's card as a person meets it; finds things, asserts nothing. */
export class CameraCardObject {
  readonly page: Page
  readonly card: Locator

  constructor(page: Page, name: string) {
    this.page = page
    this.card = page.getByRole('figure', { name, exact: true }).first()
  }

  /** Colour of a picture's point given as shares of width and height, by what it has most of. */
  async colour(x: number, y: number): Promise<string> {
    return this.card.locator('canvas').evaluate(
      (canvas: HTMLCanvasElement, [sx, sy]) => {
        const data = canvas
          .getContext('2d')
          ?.getImageData(Math.floor(canvas.width * sx), Math.floor(canvas.height * sy), 1, 1).data
        const [r = 0, g = 0, b = 0] = data ?? []
        const bright = (v: number) => (v > 140 ? '1' : v < 90 ? '0' : '?')
        const names: Readonly<Record<string, string>> = {
          '000': 'black',
          '100': 'red',
          '010': 'lime',
          '001': 'blue',
          '110': 'yellow',
          '101': 'magenta',
          '011': 'cyan',
          '111': 'white',
        }
        const key = bright(r) + bright(g) + bright(b)
        return names[key] ?? key
      },
      [x, y] as const,
    )
  }

  /** Whether the browser would offer to save or copy the picture, as it does to whoever asks for its menu. */
  async offersToSave(): Promise<boolean> {
    return this.card
      .locator('canvas')
      .evaluate((canvas) => canvas.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true })))
  }

  /** Opens the source dialog, chooses a kind and fills in what it needs. */
  async use(kind: string, fill?: { readonly label: string; readonly text: string }): Promise<void> {
    await this.card.getByRole('button', { name: 'Source' }).click()
    const dialog = this.page.getByRole('dialog', { name: /^Source of/ })
    await dialog.getByRole('combobox', { name: 'Kind' }).click()
    await this.page.getByRole('option', { name: kind, exact: true }).click()
    if (fill) await dialog.getByLabel(fill.label).fill(fill.text)
    await dialog.getByRole('button', { name: 'Use this source' }).click()
  }
}
