import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { hostname } from 'node:os'

type Request = Pick<IncomingMessage, 'headers'>

/**
 * The names that this server answers to besides IP addresses: a stranger can bind a name of his own to any address, and
 * the browser then takes his page for this server's. Lower case; `machine` is the name that the machine has for itself.
 */
export function ownNames(listenHost: string, given: readonly string[], machine = hostname()): ReadonlySet<string> {
  const bare = machine.toLowerCase().replace(/\.local$/, '')
  const onNetwork = isLoopback(listenHost) ? [] : [bare, `${bare}.local`]
  return new Set(['localhost', ...onNetwork, ...[listenHost, ...given].map((name) => name.toLowerCase())])
}

/** Why a request is refused for the name that it came by, in one line that says what to do; undefined where it is not. */
export function strangeName({ headers: { host } }: Request, names: ReadonlySet<string>): string | undefined {
  const name = host?.replace(/:\d+$/, '').toLowerCase().replace(/\.$/, '')
  if (name === undefined) return 'say in a Host header by which name you came'
  if (names.has(name) || isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0) return undefined
  return `“${name.slice(0, 80)}” is no name of this park: start it with --name ${/^[a-z0-9.-]{1,80}$/.test(name) ? name : 'NAME'}, or open it by its IP address`
}

const mostTold = 20

/** Refusals as they are, each also told once to who runs the server: browsers show nobody why; a flood is not told. */
export function tellingOnce(refusal: (request: Request) => string | undefined, tell: (line: string) => void) {
  const told = new Set<string>()
  return (request: Request): string | undefined => {
    const why = refusal(request)
    if (why === undefined || told.has(why) || told.size >= mostTold) return why
    told.add(why)
    tell(why)
    return why
  }
}

/**
 * Why a request is refused for the page that it came from; undefined where that is this server's own, one of a name that
 * was `given` to it (a proxy may speak of another Host), or none at all.
 * Browsers let any page open a WebSocket to any address (RFC 6455 §10.2), so a stranger's page could command the park of
 * whoever visits it.
 */
export function strangePage({ headers: { host, origin } }: Request, given: readonly string[] = []): string | undefined {
  const page = origin !== undefined && URL.canParse(origin) ? new URL(origin) : undefined
  if (origin === undefined || (page && (page.host === host || given.includes(page.hostname)))) return undefined
  return `this is for the park’s own page, not for one of ${origin.slice(0, 80)}: open the park at the address that it printed; behind a proxy name it with --name`
}

function isLoopback(listenHost: string): boolean {
  return listenHost === 'localhost' || listenHost === '::1' || /^127\./.test(listenHost)
}
