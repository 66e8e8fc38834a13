import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { createWebSocketStream, type WebSocket } from 'ws'

/** Browsers speak MQTT over WebSocket only: carries the bytes between one and a broker on plain TCP or TLS. */
export function bridgeToTcp(socket: WebSocket, brokerUrl: string): void {
  const stream = createWebSocketStream(socket)
  const tcp = openTcp(brokerUrl)
  const close = () => {
    tcp.destroy()
    socket.terminate()
  }
  stream.on('error', close)
  tcp.on('error', close)
  tcp.on('close', close)
  socket.on('close', close)
  stream.pipe(tcp)
  tcp.pipe(stream)
}

function openTcp(brokerUrl: string): Socket {
  const { protocol, hostname, port } = new URL(brokerUrl)
  const host = hostname.replace(/^\[|\]$/g, '')
  const tcp =
    protocol === 'mqtts:'
      ? connectTls({ host, port: Number(port || 8883), servername: host })
      : connectTcp({ host, port: Number(port || 1883) })
  tcp.setNoDelay(true)
  return tcp
}
