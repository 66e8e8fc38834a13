import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { ConsoleConfig } from '../contract/console-config.ts'
import { maxPayloadBytes } from '../contract/decode.ts'
import { topicRoot } from '../contract/topics.ts'
import { systemClock } from '../platform/clock.ts'
import type { MqttLink } from '../sense/mqtt-link.ts'
import { announceSite } from './announce-site.ts'
import { bridgeToTcp } from './broker-bridge.ts'
import { probeBroker } from './broker-probe.ts'
import { createEmbeddedBroker } from './embedded-broker.ts'
import type { ParkFlags } from './flags.ts'
import { openFleetEar } from './fleet-ear.ts'
import { isolationHeaders } from './isolation-headers.ts'
import { ownNames, strangeName, strangePage, tellingOnce } from './own-page.ts'
import { ParkFleet } from './park-fleet.ts'
import { openSimThread } from './sim-thread.ts'
import { answerFault, serveSites } from './site-shelf.ts'
import { readSite, type SiteOffer, type SiteSource, shippedSites } from './site-source.ts'
import { reasonOf } from './start-error.ts'

export interface ParkServer {
  /** Answers `/config.json` and site files, refuses strangers' names; calls `next` for everything else. */
  handle(request: IncomingMessage, response: ServerResponse, next: () => void): void
  /** Serves `/mqtt` on this server; other upgrades are left to others, and refused where there are none. */
  attach(server: Server): void
  /** To be called once the server that it is attached to listens: what needs its address starts now. */
  listening(): Promise<void>
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
  let attachedTo: Server | undefined
  let brokerUrl = ''
  const { seed, speed, startMs } = flags
  const fleet =
    flags.sim && source
      ? new ParkFleet({
          clock: systemClock,
          log,
          open: (offer, onLost) =>
            openSimThread({
              brokerUrl,
              id: offer.id,
              bytes: offer.bytes(),
              seed,
              speed,
              startMs,
              clock: systemClock,
              log,
              onLost,
            }),
          offers: offersOf(source, root),
          ...(embedded && { forget: (id) => embedded.forget(`${topicRoot}/${id}`) }),
        })
      : undefined
  const sites = serveSites({ fleet, source, clock: systemClock })
  const names = ownNames(flags.host, flags.names)
  const given = flags.names.map((name) => name.toLowerCase())
  const refusedName = tellingOnce((request) => strangeName(request, names), log)
  const refusedPage = tellingOnce((request) => strangePage(request, given), log)
  let ear: MqttLink | undefined

  return {
    notes,
    handle: (request, response, next) => {
      const path = pathOf(request)
      const own = path === '/config.json' || path.startsWith('/sites/')
      const why = refusedName(request) ?? (own ? refusedPage(request) : undefined)
      if (why !== undefined) return refuseRequest(response, path, why)
      if (sites(request, response)) return
      if (path !== '/config.json') return next()
      response.writeHead(200, { ...isolationHeaders, 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
      response.end(JSON.stringify(consoleConfigOf(flags, source, fleet)))
    },
    attach: (server) => {
      attachedTo = server
      server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
        // Node took its own listener off: without one, a peer that resets the connection ends the process
        socket.on('error', () => socket.destroy())
        if (pathOf(request) !== '/mqtt') {
          // the dev server has an upgrade of its own, for hot reload
          if (server.listenerCount('upgrade') === 1) refuse(socket, '404 Not Found', 'MQTT is spoken at /mqtt')
          return
        }
        const why = refusedName(request) ?? refusedPage(request)
        if (why !== undefined) return refuse(socket, '403 Forbidden', why)
        if (!embedded && !isTcp(flags.broker))
          return refuse(socket, '403 Forbidden', 'the broker is elsewhere: config.json says where')
        webSockets.handleUpgrade(request, socket, head, (webSocket) => {
          webSocket.on('error', () => webSocket.terminate())
          if (embedded) embedded.accept(webSocket)
          else if (flags.broker !== undefined) bridgeToTcp(webSocket, flags.broker)
        })
      })
    },
    async listening() {
      brokerUrl = flags.broker ?? ownAddress(attachedTo)
      if (fleet && source) {
        ear = openFleetEar(brokerUrl, fleet)
        fleet.keep(source.site.id)
      } else if (source) await announceSite(brokerUrl, source, log)
    },
    async dispose() {
      await Promise.all([fleet?.dispose(), ear?.dispose()]).catch((error: unknown) => log(reasonOf(error)))
      for (const webSocket of webSockets.clients) webSocket.terminate()
      webSockets.close()
      await embedded?.dispose()
    },
  }
}

function consoleConfigOf(
  flags: ParkFlags,
  source: SiteSource | undefined,
  fleet: ParkFleet | undefined,
): ConsoleConfig {
  const common = {
    siteId: source?.site.id ?? 'any',
    sim: flags.sim,
    ...(fleet && { sites: fleet.offers().map(({ id, name }) => ({ id, name })), takesSites: true }),
  }
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

/** The site that was named, in front of those that are shipped. */
function offersOf({ site, bytes }: SiteSource, root: string): SiteOffer[] {
  const named: SiteOffer = { id: site.id, name: site.name, bytes: () => bytes }
  return [named, ...shippedSites(root).filter(({ id }) => id !== site.id)]
}

function isTcp(brokerUrl: string | undefined): boolean {
  return brokerUrl?.startsWith('mqtt') === true
}

function pathOf(request: IncomingMessage): string {
  return request.url?.split('?')[0] ?? ''
}

/** In the words of its own page where that asks for a site; else as a line to be read. */
function refuseRequest(response: ServerResponse, path: string, why: string): void {
  if (path.startsWith('/sites/')) return answerFault(response, 403, { code: 'invalid', path: '', message: why })
  response.writeHead(403, { ...isolationHeaders, 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' })
  response.end(`${why}\n`)
}

function refuse(socket: Duplex, status: string, why: string): void {
  const head = `Content-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(why)}\r\nConnection: close`
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status}\r\n${head}\r\n\r\n${why}`)
}

/**
 * Where this process finds its own broker: at the address that is listened on. A name may mean another one to each who asks:
 * `localhost` is often both 127.0.0.1 and ::1.
 */
function ownAddress(server: Server | undefined): string {
  const at = server?.address()
  if (!at || typeof at !== 'object') throw new Error('the server does not listen')
  // `::` takes IPv4 as well
  const host = at.address === '0.0.0.0' || at.address === '::' ? '127.0.0.1' : at.address
  return `ws://${host.includes(':') ? `[${host}]` : host}:${at.port}/mqtt`
}
