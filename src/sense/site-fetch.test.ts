import { expect, test } from 'vitest'
import { sha256Hex } from '../platform/sha256.ts'
import { maxSiteFileBytes } from '../site/file-limit.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { createSiteFetch } from './site-fetch.ts'

const bytes = new TextEncoder().encode('{"format":"parkloop-site"}')
const sha256 = sha256Hex(bytes)

function fetchOf(answer: () => Response, asked: string[] = []) {
  return createSiteFetch('https://park.example/console/?view=1', new FakeClock(0), async (input) => {
    asked.push(String(input))
    return answer()
  })
}

test('takes the address on the page’s own and checks the bytes', async () => {
  const asked: string[] = []
  const get = fetchOf(() => new Response(bytes), asked)
  expect(await get({ url: 'sites/big.site.json', sha256 })).toEqual({ ok: true, value: bytes })
  expect(asked).toEqual(['https://park.example/console/sites/big.site.json'])
  const other = await get({ url: 'sites/big.site.json', sha256: '0'.repeat(64) })
  expect(!other.ok && other.error.path).toBe('sha256')
})

test('refuses what is missing, endless or no web address', async () => {
  const missing = await fetchOf(() => new Response('', { status: 404 }))({ url: 'x', sha256 })
  expect(!missing.ok && missing.error.message).toMatch(/HTTP 404/)
  const endless = new ReadableStream({ pull: (c) => c.enqueue(new Uint8Array(maxSiteFileBytes / 4)) })
  const large = await fetchOf(() => new Response(endless))({ url: 'x', sha256 })
  expect(!large.ok && large.error.code).toBe('tooLarge')
  const local = await fetchOf(() => new Response(bytes))({ url: 'file:///etc/passwd', sha256 })
  expect(!local.ok && local.error.message).toMatch(/no http/)
})
