import type { IncomingMessage } from 'node:http'

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Whether a WebSocket comes from this server's own page or from no page at all. Browsers let any page open a WebSocket
 * to any address (RFC 6455 §10.2), so a stranger's page could command the park of whoever visits it; and a name that
 * a stranger rebinds to loopback is told from the real one by the Host header.
 */
export function isOwnPage(request: Pick<IncomingMessage, 'headers'>, listenHost: string): boolean {
  const { origin, host } = request.headers
  if (host === undefined) return false
  const listensOnLoopback = loopbackNames.has(listenHost) || listenHost === '::1'
  if (listensOnLoopback && !loopbackNames.has(hostName(host))) return false
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host)
}

function hostName(host: string): string {
  return host.replace(/:\d+$/, '')
}
