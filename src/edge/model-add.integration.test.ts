import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ortBackends } from '../infer/ort-backend.ts'
import { systemClock } from '../platform/clock.ts'
import { tinyDetector } from '../testing/tiny-onnx.ts'
import { addModel, checkModel, type ModelTools } from './model-add.ts'
import type { RecommendedModel } from './model-recommended.ts'

const weights = tinyDetector([[4, 4, 12, 12, 0.9, 0]], { metadata: { names: "{0: 'person'}" } })
const sha256 = createHash('sha256').update(weights).digest('hex')
const [backend] = ortBackends()

let folder = ''
let server: Server
let answer: (request: IncomingMessage, response: ServerResponse) => void
let asked: (string | undefined)[] = []
let tools: ModelTools
/** Breaks the connection, once what was sent has arrived. */
let hangUp = () => {}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parkloop-model-'))
  asked = []
  hangUp = () => {}
  server = createServer((request, response) => {
    asked.push(request.headers.range)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  if (!backend) throw new Error('no WASM engine')
  tools = { clock: systemClock, backend, limitBytes: 100_000, progress: () => hangUp() }
})

afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await rm(folder, { recursive: true })
})

function address(path = '/models/tiny.onnx'): string {
  const at = server.address()
  return `http://127.0.0.1:${at && typeof at === 'object' ? at.port : 0}${path}`
}

const listed = (known: Partial<RecommendedModel>): RecommendedModel[] => [
  { name: 'known', about: '', licence: 'MIT', url: address(), ...known },
]

const tagOf = (bytes: Uint8Array) => `"${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}"`

/**
 * Sends `bytes` from where the range begins, as a static server does; at most `most` of them before it hangs up.
 * `sign`: the headers that the file is known again by.
 */
function serve(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Uint8Array,
  most = Number.POSITIVE_INFINITY,
  sign: Readonly<Record<string, string>> = { ETag: tagOf(bytes) },
) {
  const condition = request.headers['if-range']?.toString()
  const isMeant = condition === undefined || Object.values(sign).includes(condition)
  const from = isMeant ? Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0) : 0
  if (from >= bytes.length && from > 0)
    return void response.writeHead(416, { 'Content-Range': `bytes */${bytes.length}` }).end()
  const rest = bytes.subarray(from)
  hangUp = () => {}
  response.writeHead(from > 0 ? 206 : 200, {
    ...sign,
    'Content-Length': rest.length,
    ...(from > 0 && { 'Content-Range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }),
  })
  if (most >= rest.length) return void response.end(rest)
  response.write(rest.subarray(0, most))
  hangUp = () => response.destroy()
}

describe('model add', () => {
  it('fetches, checks, runs and describes a model, and the folder passes the check', async () => {
    answer = (request, response) => serve(request, response, weights)
    const seen: number[] = []
    const added = await addModel('known', folder, { ...tools, progress: (done) => seen.push(done) }, listed({ sha256 }))
    expect(added).toMatchObject({ ok: true, value: { folder: join(folder, 'known') } })
    const manifest = JSON.parse(await readFile(join(folder, 'known', 'model.json'), 'utf8'))
    expect(manifest).toMatchObject({ name: 'known', licence: 'MIT', sha256, output: { layout: 'end-to-end' } })
    expect(seen.at(-1)).toBe(weights.length)
    expect(await checkModel(join(folder, 'known'), tools)).toMatchObject({ ok: true })
  })

  it('goes on where a broken connection left off', async () => {
    let tries = 0
    answer = (request, response) => serve(request, response, weights, tries++ < 2 ? 150 : undefined)
    expect(await addModel(address(), folder, tools)).toMatchObject({ ok: true })
    expect(asked).toEqual([undefined, 'bytes=150-', 'bytes=300-'])
    expect(new Uint8Array(await readFile(join(folder, 'tiny', 'tiny.onnx')))).toEqual(weights)
  })

  it('goes on at the next call too, and starts anew where the server knows no ranges', async () => {
    answer = (request, response) => serve(request, response, weights, 100)
    expect(await addModel(address(), folder, tools)).toMatchObject({
      ok: false,
      error: expect.stringMatching(/^interrupted: .* broke off after 300/),
    })
    hangUp = () => {}
    answer = (_, response) => void response.end(weights)
    expect(await addModel(address(), folder, tools)).toMatchObject({ ok: true })
    expect(asked.at(-1)).toBe('bytes=300-')
  })

  describe('after a download that broke off', () => {
    const other = tinyDetector([[1, 1, 9, 9, 0.8, 0]], { metadata: { names: "{0: 'person'}" } })
    const old = { 'Last-Modified': 'Mon, 01 Jan 2024 00:00:00 GMT' }
    const breakOff = async (sign?: Readonly<Record<string, string>>) => {
      let tries = 0
      answer = (request, response) => {
        if (tries++ === 0) serve(request, response, weights, 150, sign)
        else response.writeHead(503).end()
      }
      expect(await addModel(address(), folder, tools)).toMatchObject({ ok: false })
      hangUp = () => {}
      asked = []
    }
    const added = async (url = address()) => {
      expect(await addModel(url, folder, tools)).toMatchObject({ ok: true })
      expect((await readdir(join(folder, 'tiny'))).sort()).toEqual(['model.json', 'tiny.onnx'])
      return new Uint8Array(await readFile(join(folder, 'tiny', 'tiny.onnx')))
    }

    it('takes nothing of it for a file of the same name from another address', async () => {
      await breakOff()
      answer = (request, response) => serve(request, response, other)
      expect(await added(address('/others/tiny.onnx'))).toEqual(other)
      expect(asked).toEqual([undefined])
    })

    it('takes nothing of it once the file has changed, whether the server heeds the condition or not', async () => {
      const changed: readonly [Readonly<Record<string, string>> | undefined, typeof answer][] = [
        [undefined, (request, response) => serve(request, response, other)],
        [
          undefined,
          (request, response) => {
            delete request.headers['if-range']
            serve(request, response, other)
          },
        ],
        [
          undefined,
          (request, response) => {
            delete request.headers['if-range']
            // As long as what lies there, by the server's word.
            if (request.headers.range) response.writeHead(416, { 'Content-Range': 'bytes */150' }).end()
            else serve(request, response, other)
          },
        ],
        [
          old,
          (request, response) =>
            serve(request, response, other, undefined, { 'Last-Modified': new Date(0).toUTCString() }),
        ],
      ]
      for (const [sign, answers] of changed) {
        await breakOff(sign)
        answer = answers
        expect(await added()).toEqual(other)
        expect(asked[0]).toBe('bytes=150-')
        await rm(join(folder, 'tiny'), { recursive: true })
      }
    })

    it('takes no rest that begins elsewhere', async () => {
      await breakOff()
      answer = (request, response) => {
        if (request.headers.range) request.headers.range = 'bytes=100-'
        serve(request, response, weights)
      }
      expect(await added()).toEqual(weights)
      expect(asked).toEqual(['bytes=150-', undefined])
    })

    it('goes on by its date as well, and in pieces, and not where nothing tells the file from another', async () => {
      await breakOff(old)
      answer = (request, response) => {
        const from = Number(/\d+/.exec(request.headers.range ?? '')?.[0])
        const to = Math.min(weights.length, from + 100)
        const range = `bytes ${from}-${to - 1}/${weights.length}`
        response.writeHead(206, { 'Content-Range': range, 'Content-Length': to - from }).end(weights.subarray(from, to))
      }
      expect(await added()).toEqual(weights)
      expect(asked).toEqual(['bytes=150-', 'bytes=250-'])
      await rm(join(folder, 'tiny'), { recursive: true })

      for (const sign of [{}, { ETag: 'W/"weak"' }, { 'Last-Modified': new Date(Date.now() + 60_000).toUTCString() }]) {
        await breakOff(sign)
        answer = (request, response) => serve(request, response, other, undefined, sign)
        expect(await added()).toEqual(other)
        expect(asked).toEqual([undefined])
        await rm(join(folder, 'tiny'), { recursive: true })
      }
    })
  })

  it('refuses a wrong hash and forgets what it fetched', async () => {
    answer = (request, response) => serve(request, response, weights)
    const wrong = listed({ sha256: '0'.repeat(64) })
    expect(await addModel('known', folder, tools, wrong)).toMatchObject({ error: expect.stringContaining('wrongHash') })
    expect(await addModel('known', folder, tools, listed({ sha256 }))).toMatchObject({ ok: true })
    expect(asked).toEqual([undefined, undefined])
  })

  it('stops at its limit, whether the server says the size or not', async () => {
    const large = { ...tools, limitBytes: 200 }
    answer = (request, response) => serve(request, response, weights)
    expect(await addModel(address(), folder, large)).toMatchObject({ error: expect.stringContaining('tooLarge') })
    answer = (_, response) => {
      response.write(weights.subarray(0, 150))
      response.end(weights.subarray(150))
    }
    expect(await addModel(address(), folder, large)).toMatchObject({ error: expect.stringContaining('tooLarge') })
  })

  it('says what is wrong with a page, a missing file, an unknown name and a listed one without a file', async () => {
    answer = (_, response) => void response.end('<!doctype html><title>Sign in</title>')
    expect(await addModel(address(), folder, tools)).toMatchObject({ error: expect.stringContaining('notOnnx') })
    answer = (_, response) => void response.writeHead(404).end()
    expect(await addModel(address(), folder, tools)).toMatchObject({ error: expect.stringContaining('HTTP 404') })
    expect(await addModel('no-such', folder, tools)).toMatchObject({ error: expect.stringContaining('npm run model') })
    const [entry] = listed({ howTo: 'Export it.' })
    if (!entry) throw new Error('no entry')
    const { url: _, ...without } = entry
    expect(await addModel('known', folder, tools, [without])).toMatchObject({
      error: 'known (MIT) is not published as ONNX. Export it.',
    })
  })

  it('leaves nothing behind of what it refuses, and a model of that name as it was', async () => {
    const page = join(folder, 'page.onnx')
    await writeFile(page, '<!doctype html>')
    expect(await addModel(page, join(folder, 'to'), tools)).toMatchObject({
      error: expect.stringContaining('web page'),
    })
    expect(await addModel('no-such', join(folder, 'to'), tools)).toMatchObject({ ok: false })
    expect(await readdir(join(folder, 'to'))).toEqual([])

    const good = join(folder, 'tiny.onnx')
    await writeFile(good, weights)
    expect(await addModel(good, join(folder, 'to'), tools)).toMatchObject({ ok: true })
    await writeFile(good, weights.subarray(0, 120))
    expect(await addModel(good, join(folder, 'to'), tools)).toMatchObject({ ok: false })
    answer = (_, response) => void response.end('<!doctype html>')
    expect(await addModel(address(), join(folder, 'to'), tools)).toMatchObject({ ok: false })
    expect((await readdir(join(folder, 'to', 'tiny'))).sort()).toEqual(['model.json', 'tiny.onnx'])
    expect(await checkModel(join(folder, 'to', 'tiny'), tools)).toMatchObject({ ok: true })
  })

  it('does not put a model in the place of another', async () => {
    const file = join(folder, 'tiny.onnx')
    await writeFile(file, weights)
    expect(await addModel(file, join(folder, 'to'), tools)).toMatchObject({ ok: true })
    expect(await addModel(file, join(folder, 'to'), tools)).toMatchObject({ ok: true })
    await writeFile(file, tinyDetector([[1, 1, 9, 9, 0.8, 0]]))
    expect(await addModel(file, join(folder, 'to'), tools)).toMatchObject({
      error: expect.stringContaining('holds another model'),
    })
    expect((await readdir(join(folder, 'to', 'tiny'))).sort()).toEqual(['model.json', 'tiny.onnx'])
    expect(await checkModel(join(folder, 'to', 'tiny'), tools)).toMatchObject({ ok: true })
  })

  it('leaves a description that was corrected as it is when the same model is added again', async () => {
    const file = join(folder, 'tiny.onnx')
    await writeFile(file, weights)
    const manifest = join(folder, 'to', 'tiny', 'model.json')
    expect(await addModel(file, join(folder, 'to'), tools)).toMatchObject({ ok: true })
    const corrected = JSON.stringify({ ...JSON.parse(await readFile(manifest, 'utf8')), classes: ['forklift'] })
    await writeFile(manifest, corrected)
    expect(await addModel(file, join(folder, 'to'), tools)).toMatchObject({
      value: { notes: expect.arrayContaining([expect.stringContaining('stays')]) },
    })
    expect(await readFile(manifest, 'utf8')).toBe(corrected)
  })

  it('takes a file by its address, and says in a line where a folder cannot be made', async () => {
    const file = join(folder, 'tiny.onnx')
    await writeFile(file, weights)
    expect(await addModel(pathToFileURL(file).href, join(folder, 'to'), tools)).toMatchObject({ ok: true })
    expect(await addModel(file, file, tools)).toMatchObject({ error: expect.stringContaining('ENOTDIR') })
    await writeFile(join(folder, 'other.onnx'), weights)
    await writeFile(join(folder, 'other'), '')
    expect(await addModel(join(folder, 'other.onnx'), folder, tools)).toMatchObject({
      error: expect.stringContaining('EEXIST'),
    })
  })

  it('takes a file that lies in its place already', async () => {
    const there = join(folder, 'to', 'tiny', 'tiny.onnx')
    await mkdir(join(folder, 'to', 'tiny'), { recursive: true })
    await writeFile(there, weights)
    expect(await addModel(there, join(folder, 'to'), tools)).toMatchObject({ ok: true })
    expect(await checkModel(join(folder, 'to', 'tiny'), tools)).toMatchObject({ ok: true })
  })

  it('takes a file, and the check notices when it was altered afterwards', async () => {
    const file = join(folder, 'My model (1).onnx')
    await writeFile(file, weights)
    const added = await addModel(file, folder, tools)
    expect(added).toMatchObject({ value: { folder: join(folder, 'My-model-1-') } })
    const altered = weights.slice()
    altered[altered.length - 1] = 7
    await writeFile(join(folder, 'My-model-1-', 'My-model-1-.onnx'), altered)
    expect(await checkModel(join(folder, 'My-model-1-'), tools)).toMatchObject({
      error: expect.stringContaining('wrongHash'),
    })
  })
})
