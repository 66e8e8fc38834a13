import { expect, test } from 'vitest'
import { addressOfSite, siteInAddress } from './site-address.ts'

test('the address carries the site; the rest of the question stays, what was open does not', () => {
  const href = addressOfSite('https://park.example/console/?quality=floor#device=meter-1&tab=energy', 'factory')
  expect(href).toBe('https://park.example/console/?quality=floor&site=factory')
  expect(siteInAddress(href)).toBe('factory')
  expect(siteInAddress(addressOfSite(href, 'campus'))).toBe('campus')
})

test('an address without a site, or with nonsense for one, names none', () => {
  expect(siteInAddress('https://park.example/')).toBeUndefined()
  expect(siteInAddress('https://park.example/?site=../../etc')).toBeUndefined()
})
