import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
let folder: string
let taken: Server
let takenPort: number

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parkloop-start-'))
  writeFileSync(join(folder, 'broken.json'), '{"format":"parkloop-site","version":2}')
  taken = createServer()
  takenPort = await new Promise((resolve) => {
    taken.listen(0, '127.0.0.1', () => {
      const address = taken.address()
      resolve(address && typeof address === 'object' ? address.port : 0)
    })
  })
})

afterAll(() => {
  taken.close()
  rmSync(folder, { recursive: true, force: true })
})

function start(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/edge/start.ts', ...args], { cwd: root })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString()
  })
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })))
}

const oneLine = (text: string) => expect(text.trimEnd().split('\n')).toHaveLength(1)

test('a taken port is one line and a failure', async () => {
  const { code, err } = await start('--port', String(takenPort))
  expect(code).toBe(1)
  expect(err).toContain(`port ${takenPort}`)
  oneLine(err)
})

test('an unreadable site file is one line and a failure', async () => {
  const { code, err } = await start('--port', '0', '--site', join(folder, 'missing.json'))
  expect(code).toBe(1)
  expect(err).toContain('missing.json')
  oneLine(err)
})

test('a broken site file names the place of the trouble', async () => {
  const { code, err } = await start('--port', '0', '--site', join(folder, 'broken.json'))
  expect(code).toBe(1)
  expect(err).toMatch(/broken\.json is no valid site file: version/)
  oneLine(err)
})

test.each(['ws', 'mqtt'])('an unreachable broker at %s:// is one line and a failure', async (scheme) => {
  const { code, err } = await start('--port', '0', '--broker', `${scheme}://127.0.0.1:1`)
  expect(code).toBe(1)
  expect(err).toContain(`cannot reach the broker ${scheme}://127.0.0.1:1`)
  oneLine(err)
})

test('an unknown flag is one line and a usage failure; help is no failure', async () => {
  const unknown = await start('--frobnicate')
  expect(unknown.code).toBe(2)
  oneLine(unknown.err)
  const help = await start('--help')
  expect(help.code).toBe(0)
  for (const flag of ['port', 'host', 'mqtt-port', 'site', 'seed', 'speed', 'start', 'no-sim', 'broker'])
    expect(help.out).toContain(`--${flag}`)
})

test('who comes before the park stands is told to come again, and not left waiting', async () => {
  const port = await freePort()
  // A broker that takes calls and never says a word keeps the start from going on.
  const started = start('--port', String(port), '--broker', `mqtt://127.0.0.1:${takenPort}`)
  const answer = await vi.waitFor(() => fetch(`http://127.0.0.1:${port}/`), { timeout: 20_000, interval: 50 })
  expect(answer.status).toBe(503)
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await answer.text()).toContain('http-equiv="refresh"')
  expect((await started).code).toBe(1)
})

function freePort(): Promise<number> {
  const server = createServer()
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(address && typeof address === 'object' ? address.port : 0))
    })
  })
}
