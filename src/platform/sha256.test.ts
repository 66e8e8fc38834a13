import fc from 'fast-check'
import { afterEach, expect, it, vi } from 'vitest'
import { quickSha256Hex, sha256Hex } from './sha256.ts'

async function reference(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

afterEach(() => vi.unstubAllGlobals())

it('does without the platform’s own where that is not offered, as over plain HTTP', async () => {
  const expected = await quickSha256Hex(Uint8Array.of(1, 2, 3))
  vi.stubGlobal('crypto', {})
  expect(await quickSha256Hex(Uint8Array.of(1, 2, 3))).toBe(expected)
})

it('agrees with the platform’s own for any length', async () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000]) {
    const bytes = new Uint8Array(length).fill(7)
    expect(sha256Hex(bytes)).toBe(await reference(bytes))
  }
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      expect(sha256Hex(bytes)).toBe(await reference(Uint8Array.from(bytes)))
    }),
  )
})
