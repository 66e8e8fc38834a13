import { afterEach, describe, expect, it, vi } from 'vitest'
import { fetchModel, readModelFiles } from './fetch-model.ts'

afterEach(() => vi.unstubAllGlobals())

describe('a model fetched from an address', () => {
  it('takes along the hash that was stated, however it was typed', async () => {
    vi.stubGlobal('fetch', async () => new Response(Uint8Array.of(1, 2, 3)))
    const fetched = (sha256: string) => fetchModel('https://example.org/models/a.onnx', sha256, () => undefined)
    const file = { name: 'a.onnx', weights: Uint8Array.of(1, 2, 3) }
    expect(await fetched(` ${'AB'.repeat(32)} `)).toEqual({ ok: true, value: { ...file, sha256: 'ab'.repeat(32) } })
    expect(await fetched(' ')).toEqual({ ok: true, value: file })
  })

  it('tells no share of a length that is another’s, as where the file was packed for the journey', async () => {
    const headers = { 'content-length': '2' }
    vi.stubGlobal('fetch', async () => new Response(Uint8Array.of(1, 2, 3), { headers }))
    const shares: (number | undefined)[] = []
    await fetchModel('https://example.org/a.onnx', '', (_, share) => shares.push(share))
    expect(shares).toEqual([undefined])
  })
})

describe('files of this machine', () => {
  const file = (name: string, content = 'x') => new File([content], name)
  const code = async (...files: File[]) => {
    const read = await readModelFiles(files)
    return read.ok ? 'ok' : read.error.code
  }

  it('are refused by name where they are others, too large, or cannot be read', async () => {
    expect(await code(file('a.onnx'))).toBe('ok')
    expect(await code(file('a.ONNX'), file('model.json', '{}'))).toBe('ok')
    for (const name of ['a.zip', 'a.pdf', 'a.pt', 'model.json']) expect(await code(file(name))).toBe('wrongFiles')
    expect(await code(file('a.onnx'), file('b.onnx'))).toBe('wrongFiles')
    expect(await code()).toBe('wrongFiles')
    expect(await code(Object.defineProperty(file('a.onnx'), 'size', { value: 3e9 }))).toBe('tooLarge')
    const folder = file('folder.onnx')
    folder.arrayBuffer = () => Promise.reject(new DOMException('not found', 'NotFoundError'))
    expect(await readModelFiles([folder])).toEqual({
      ok: false,
      error: { code: 'wrongFiles', message: 'folder.onnx: not found' },
    })
  })
})
