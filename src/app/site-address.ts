/** The site in the page's address, so that a park can be linked to. */
const idPattern = /^[a-z0-9][a-z0-9._-]{0,63}$/

/** `?site=` of an address; undefined where it says nothing of use. */
export function siteInAddress(href: string): string | undefined {
  const site = new URL(href).searchParams.get('site')
  return site !== null && idPattern.test(site) ? site : undefined
}

/** The same page at another park: what was open in the one on screen means nothing there. */
export function addressOfSite(href: string, siteId: string): string {
  const url = new URL(href)
  url.searchParams.set('site', siteId)
  url.hash = ''
  return url.href
}
