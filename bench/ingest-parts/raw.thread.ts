/** The yardstick: a WebSocket that subscribes and then only counts the bytes of its frames. */
import { parentPort, workerData } from 'node:worker_threads'
import * as v from 'valibot'
import { WebSocket } from 'ws'
import { connackBytes, connectPacket, subackBytes, subscribePacket } from './mqtt-bytes.ts'

const { url, filter, expectedBytes } = v.parse(
  v.object({ url: v.string(), filter: v.string(), expectedBytes: v.number() }),
  workerData,
)
const handshakeBytes = connackBytes + subackBytes
const socket = new WebSocket(url, 'mqtt', { perMessageDeflate: false })
let bytes = 0
let frames = 0

socket.on('open', () => {
  socket.send(connectPacket('bench-raw'))
  socket.send(subscribePacket(filter))
})
socket.on('message', (data: Buffer) => {
  const before = bytes
  bytes += data.length
  frames++
  if (before < handshakeBytes && bytes >= handshakeBytes) parentPort?.postMessage({ type: 'ready' })
  if (bytes >= handshakeBytes + expectedBytes) {
    parentPort?.postMessage({ type: 'done', frames })
    socket.terminate()
  }
})
socket.on('error', (error) => {
  throw error
})
