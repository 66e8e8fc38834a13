import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocketServer } from 'ws'
import { freePort } from '../../e2e/support/mosquitto.ts'
import { createEmbeddedBroker } from '../../src/edge/embedded-broker.ts'
import { connectPacket } from './mqtt-bytes.ts'

export interface BenchBroker {
  readonly name: 'mosquitto' | 'embedded'
  readonly wsUrl: string
  readonly tcpPort: number
  stop(): Promise<void>
}

/** Mosquitto in a process of its own where it is installed, else the embedded broker, also in a process of its own. */
export async function startBenchBroker(wanted: string | undefined): Promise<BenchBroker> {
  const installed = spawnSync('mosquitto', ['-h']).error === undefined
  if (wanted === 'embedded' || (wanted === undefined && !installed)) return startEmbeddedProcess()
  return startMosquittoProcess()
}

/** Without its queue limit, beyond which mosquitto drops QoS 0: here nothing may be lost. */
async function startMosquittoProcess(): Promise<BenchBroker> {
  const folder = mkdtempSync(join(tmpdir(), 'parkloop-bench-'))
  const [tcpPort, wsPort] = [await freePort(), await freePort()]
  const config = join(folder, 'mosquitto.conf')
  writeFileSync(
    config,
    [
      'allow_anonymous true',
      'persistence false',
      'max_queued_messages 0',
      'max_inflight_messages 0',
      `listener ${tcpPort} 127.0.0.1`,
      `listener ${wsPort} 127.0.0.1`,
      'protocol websockets',
      '',
    ].join('\n'),
  )
  const child = spawn('mosquitto', ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'] })
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`mosquitto ended with ${code}`)))
    // Its log goes to standard error; “running” is its last word before it serves.
    child.stderr?.on('data', (chunk: Buffer) => chunk.includes('running') && resolve())
  })
  return {
    name: 'mosquitto',
    wsUrl: `ws://127.0.0.1:${wsPort}`,
    tcpPort,
    stop: () =>
      new Promise((resolve) => {
        child.removeAllListeners('exit')
        child.once('exit', () => {
          rmSync(folder, { recursive: true, force: true })
          resolve()
        })
        child.kill()
      }),
  }
}

async function startEmbeddedProcess(): Promise<BenchBroker> {
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', import.meta.filename, 'serve'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [wsPort, tcpPort] = await new Promise<string[]>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the broker ended with ${code}`)))
    child.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString().trim().split(' ')))
  })
  return {
    name: 'embedded',
    wsUrl: `ws://127.0.0.1:${wsPort}`,
    tcpPort: Number(tcpPort),
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve())
        child.kill()
      }),
  }
}

/** A connection that writes packets made beforehand. */
export async function openPublisher(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.once('data', () => resolve())
    socket.write(connectPacket('bench-publisher'))
  })
  return socket
}

async function serve(): Promise<void> {
  const broker = await createEmbeddedBroker((line) => console.error(line))
  const tcpPort = await broker.listenTcp(0, '127.0.0.1')
  const server = createServer()
  const webSockets = new WebSocketServer({ server, perMessageDeflate: false, handleProtocols: () => 'mqtt' })
  webSockets.on('connection', (socket) => broker.accept(socket))
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    process.stdout.write(`${address && typeof address === 'object' ? address.port : 0} ${tcpPort}\n`)
  })
}

if (process.argv[1] === import.meta.filename && process.argv[2] === 'serve') void serve()
