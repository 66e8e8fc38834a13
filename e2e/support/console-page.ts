import type { Locator, Page } from '@playwright/test'

/** The console as a person meets it; finds things, asserts nothing. */
export class ConsolePage {
  readonly page: Page
  constructor(page: Page) {
    this.page = page
  }

  /** Opened on the floor tier: tests draw on the CPU. */
  async open(url: string, query = ''): Promise<void> {
    await this.page.addInitScript(() => localStorage.setItem('parkloop.tour', 'seen'))
    await this.page.goto(`${url}/?quality=floor${query}`)
  }

  /** Follows a shared address such as `device=valve-9` without loading the page anew. */
  async show(place: string): Promise<void> {
    await this.page.evaluate((hash) => {
      window.location.hash = hash
    }, place)
  }

  get status(): Locator {
    return this.page.getByRole('region', { name: 'Status' })
  }

  get online(): Locator {
    return this.status.getByRole('status').filter({ hasText: 'Online' })
  }

  /** One of the numbers in the line at the top, by its word. */
  number(name: string): Locator {
    return this.status
      .getByRole('definition')
      .filter({ has: this.page.locator(`xpath=preceding-sibling::dt[.="${name}"]`) })
  }

  async tell(story: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Stories' }).click()
    await this.page.getByRole('menuitem', { name: story }).click()
  }

  get incidents(): Locator {
    return this.page.getByRole('region', { name: 'Incidents' })
  }

  incident(title: string): Locator {
    return this.incidents.getByRole('button', { name: title })
  }

  get incidentDetail(): Locator {
    return this.page.getByRole('region', { name: 'Incident', exact: true })
  }

  get plan(): Locator {
    return this.page.getByRole('article', { name: /^Plan/ }).first()
  }

  /** Its title and state; the steps carry states of their own. */
  get planHead(): Locator {
    return this.plan.locator('header')
  }

  tab(name: string): Locator {
    return this.page.getByRole('tab', { name, exact: true })
  }

  get commands(): Locator {
    return this.page.getByRole('region', { name: 'Commands' }).getByRole('listitem')
  }
}
