import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

export interface Mosquitto {
  readonly wsUrl: string
  readonly tcpPort: number
  /** `mosquitto_pub` with these arguments, as any shell script would speak for a device. */
  pub(...args: string[]): Promise<void>
  /** One connection that publishes each line it is told on `topic` and leaves a last will; `die` cuts its power. */
  speakFor(topic: string, willTopic: string): { say(line: string): void; die(): void }
  stop(): Promise<void>
  /** SIGKILL, as when its machine loses power. */
  kill(): Promise<void>
  readonly ports: { readonly tcp: number; readonly ws: number }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}

/** Debian's mosquitto on loopback: TCP and WebSocket. `again`: on the ports of one that died. */
export async function startMosquitto(again?: Mosquitto): Promise<Mosquitto> {
  const folder = mkdtempSync(join(tmpdir(), 'parkloop-mosquitto-'))
  const tcpPort = again?.ports.tcp ?? (await freePort())
  const wsPort = again?.ports.ws ?? (await freePort())
  const config = join(folder, 'mosquitto.conf')
  writeFileSync(
    config,
    `allow_anonymous true\npersistence false\nlistener ${tcpPort} 127.0.0.1\nlistener ${wsPort} 127.0.0.1\nprotocol websockets\n`,
  )
  const child = spawn('mosquitto', ['-c', config], { stdio: 'ignore' })
  await listening(child, tcpPort)
  await listening(child, wsPort)
  return {
    wsUrl: `ws://127.0.0.1:${wsPort}`,
    tcpPort,
    pub: async (...args) => {
      await promisify(execFile)('mosquitto_pub', ['-h', '127.0.0.1', '-p', String(tcpPort), ...args])
    },
    speakFor: (topic, willTopic) => {
      const will = ['--will-topic', willTopic, '--will-payload', 'offline', '--will-retain', '--will-qos', '1']
      const device = spawn('mosquitto_pub', ['-h', '127.0.0.1', '-p', String(tcpPort), '-l', '-t', topic, ...will], {
        stdio: ['pipe', 'ignore', 'ignore'],
      })
      return {
        say: (line) => void device.stdin.write(`${line}\n`),
        die: () => void device.kill('SIGKILL'),
      }
    },
    ports: { tcp: tcpPort, ws: wsPort },
    stop: () => end(child, folder, 'SIGTERM'),
    kill: () => end(child, folder, 'SIGKILL'),
  }
}

function end(child: ChildProcess, folder: string, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    const gone = () => {
      rmSync(folder, { recursive: true, force: true })
      resolve()
    }
    if (child.exitCode !== null || child.signalCode !== null) return gone()
    child.once('exit', gone)
    child.kill(signal)
  })
}

function listening(child: ChildProcess, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`mosquitto ended with ${code}`)))
    const attempt = (left: number) => {
      const socket = connect(port, '127.0.0.1')
      socket.once('connect', () => {
        socket.destroy()
        resolve()
      })
      socket.once('error', () => {
        if (left === 0) reject(new Error('mosquitto does not listen'))
        else setTimeout(() => attempt(left - 1), 100)
      })
    }
    attempt(50)
  })
}
