import { afterEach, describe, expect, it, vi } from 'vitest'
import { fetchModel } from './fetch-model.ts'

afterEach(() => vi.unstubAllGlobals())

describe('a model fetched from an address', () => {
  it('takes along the hash that was stated, however it was typed', async () => {
    vi.stubGlobal('fetch', async () => new Response(Uint8Array.of(1, 2, 3)))
    const fetched = (sha256: string) => fetchModel('https://example.org/models/a.onnx', sha256, () => undefined)
    const file = { name: 'a.onnx', weights: Uint8Array.of(1, 2, 3) }
    expect(await fetched(` ${'AB'.repeat(32)} `)).toEqual({ ok: true, value: { ...file, sha256: 'ab'.repeat(32) } })
    expect(await fetched(' ')).toEqual({ ok: true, value: file })
  })
})
