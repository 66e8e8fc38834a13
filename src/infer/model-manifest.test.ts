import { describe, expect, it } from 'vitest'
import { quickSha256Hex } from '../platform/sha256.ts'
import { loadModel } from './model-manifest.ts'

const weights = new Uint8Array([1, 2, 3, 4])
const manifest = {
  name: 'tiny',
  version: '1',
  task: 'detection',
  file: 'tiny.onnx',
  bytes: 4,
  sha256: await quickSha256Hex(weights),
  licence: 'MIT',
  input: { name: 'images', shape: [1, 3, 192, 320] },
  output: { name: 'out', layout: 'yolox-grid' },
  classes: ['person'],
}

function load(changes: Record<string, unknown> = {}, file: Uint8Array = weights, limitBytes?: number) {
  const files = new Map([
    ['model.json', new TextEncoder().encode(JSON.stringify({ ...manifest, ...changes }))],
    ['tiny.onnx', new Uint8Array(file)],
  ])
  return loadModel(async (name) => {
    const bytes = files.get(name)
    if (!bytes) throw new Error('HTTP 404')
    return new Uint8Array(bytes)
  }, limitBytes)
}

const failure = async (changes: Record<string, unknown>, file?: Uint8Array) => {
  const loaded = await load(changes, file)
  return loaded.ok ? undefined : loaded.error
}

describe('loading a model', () => {
  it('accepts a folder whose weights are the ones named, and fills in what is usual', async () => {
    const loaded = await load()
    expect(loaded).toMatchObject({
      ok: true,
      value: { manifest: { input: { channelOrder: 'RGB' }, output: { strides: [8, 16, 32], nmsIou: 0.45 } } },
    })
  })

  it('takes a hash in capitals', async () => {
    expect(await load({ sha256: manifest.sha256.toUpperCase() })).toMatchObject({
      value: { manifest: { sha256: manifest.sha256 } },
    })
  })

  it('names what is wrong', async () => {
    expect(await failure({ sha256: '0'.repeat(64) })).toMatchObject({ code: 'wrongHash' })
    expect(await failure({}, new Uint8Array(5))).toMatchObject({ code: 'wrongSize' })
    expect(await failure({ bytes: 200_000_000 })).toMatchObject({ code: 'tooLarge' })
    expect(await load({ bytes: 200_000_000 }, weights, 1e9)).toMatchObject({ error: { code: 'wrongSize' } })
    expect(await failure({ file: '../../secret.onnx' })).toMatchObject({ code: 'badManifest' })
    expect(await failure({ file: 'other.onnx' })).toMatchObject({ code: 'notFound', message: 'other.onnx: HTTP 404' })
    expect((await failure({ output: { name: 'out', layout: 'magic' } }))?.message).toContain('output.layout')
    const unknown = async (changes: Record<string, unknown>) => (await failure(changes))?.message
    expect(await unknown({ clasMap: {} })).toBe('model.json: clasMap is unknown')
    expect(await unknown({ input: { ...manifest.input, chanelOrder: 'BGR' } })).toContain(
      'input.chanelOrder is unknown',
    )
    expect(await unknown({ output: { ...manifest.output, nmsIuo: 0.5 } })).toContain('output has nmsIuo')
    expect(await load({ output: { ...manifest.output, boxFormat: 'xyxy' }, source: 'https://x' })).toMatchObject({
      ok: true,
    })
    expect(await failure({ task: 'mind-reading' })).toMatchObject({ code: 'badManifest' })
  })
})
