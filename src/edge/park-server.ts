import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { ConsoleConfig } from '../contract/console-config.ts'
import { maxPayloadBytes } from '../contract/decode.ts'
import { announceSite } from './announce-site.ts'
import { bridgeToTcp } from './broker-bridge.ts'
import { probeBroker } from './broker-probe.ts'
import { createEmbeddedBroker } from './embedded-broker.ts'
import type { ParkFlags } from './flags.ts'
import { isOwnPage } from './own-page.ts'
import { type SimService, startSim } from './sim-service.ts'
import { readSite, type SiteSource, siteAddress } from './site-source.ts'
import { reasonOf } from './start-error.ts'

export const isolationHeaders: Readonly<Record<string, string>> = {
  // Together they give the page `crossOriginIsolated`, without which WASM has one thread and clocks are coarse.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
}

export interface ParkServer {
  /** Answers `/config.json`; calls `next` for everything else. */
  handle(request: IncomingMessage, response: ServerResponse, next: () => void): void
  /** Serves `/mqtt` on this server; other upgrades are left to others. */
  attach(server: Server): void
  /** To be called once the server listens on `port`: what needs its address starts now. */
  listening(port: number): Promise<void>
  /** Lines worth telling the person who started it. */
  readonly notes: readonly string[]
  dispose(): Promise<void>
}

/** Everything behind the page on its one port; the same for `npm start`, the dev server and the preview server. */
export async function createParkServer(
  flags: ParkFlags,
  root: string,
  log: (line: string) => void,
): Promise<ParkServer> {
  const source = flags.sim || flags.site !== undefined ? readSite(flags.site ?? 'campus', root) : undefined
  if (flags.broker !== undefined) await probeBroker(flags.broker)
  const embedded = flags.broker === undefined ? await createEmbeddedBroker(log) : undefined
  const notes: string[] = []
  try {
    if (embedded && flags.mqttPort !== undefined) {
      const port = await embedded.listenTcp(flags.mqttPort, flags.host)
      notes.push(`MQTT on ${flags.host}:${port}`)
    }
  } catch (error) {
    await embedded?.dispose()
    throw error
  }
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxPayloadBytes + 65_536,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has('mqtt') ? 'mqtt' : false),
  })
  let sim: SimService | undefined

  return {
    notes,
    handle: (request, response, next) => {
      const path = request.url?.split('?')[0]
      if (source && path === `/${siteAddress(source.site.id)}`) return sendSite(response, source)
      if (path !== '/config.json') return next()
      response.writeHead(200, { ...isolationHeaders, 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
      response.end(JSON.stringify(consoleConfigOf(flags, source)))
    },
    attach: (server) =>
      void server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
        if (request.url?.split('?')[0] !== '/mqtt') return
        if (!isOwnPage(request, flags.host) || (!embedded && !isTcp(flags.broker))) return refuse(socket)
        webSockets.handleUpgrade(request, socket, head, (webSocket) => {
          webSocket.on('error', () => webSocket.terminate())
          if (embedded) embedded.accept(webSocket)
          else if (flags.broker !== undefined) bridgeToTcp(webSocket, flags.broker)
        })
      }),
    async listening(port) {
      const brokerUrl = flags.broker ?? `ws://${loopback(flags.host)}:${port}/mqtt`
      if (source && flags.sim) {
        const { seed, speed, startMs } = flags
        sim = startSim({ brokerUrl, source, seed, speed, startMs, log })
      } else if (source) await announceSite(brokerUrl, source)
    },
    async dispose() {
      await sim?.dispose().catch((error: unknown) => log(reasonOf(error)))
      for (const webSocket of webSockets.clients) webSocket.terminate()
      webSockets.close()
      await embedded?.dispose()
    },
  }
}

function consoleConfigOf(flags: ParkFlags, source: SiteSource | undefined): ConsoleConfig {
  const common = { siteId: source?.site.id ?? 'any', sim: flags.sim }
  if (flags.broker === undefined) return { ...common, brokerUrl: '/mqtt' }
  const url = new URL(flags.broker)
  const username = decodeURIComponent(url.username)
  const password = decodeURIComponent(url.password)
  url.username = ''
  url.password = ''
  return {
    ...common,
    brokerUrl: isTcp(flags.broker) ? '/mqtt' : url.href,
    ...(username !== '' && { username }),
    ...(password !== '' && { password }),
  }
}

function sendSite(response: ServerResponse, { bytes }: SiteSource): void {
  response.writeHead(200, { ...isolationHeaders, 'Content-Type': 'application/json', 'Cache-Control': 'no-cache' })
  response.end(bytes)
}

function isTcp(brokerUrl: string | undefined): boolean {
  return brokerUrl?.startsWith('mqtt') === true
}

function refuse(socket: Duplex): void {
  socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
}

/** An address this machine can reach itself at. */
function loopback(host: string): string {
  if (host === '0.0.0.0' || host === 'localhost') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}
