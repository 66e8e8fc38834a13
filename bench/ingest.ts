/** `bench ingest`: the app's link, checking, worker hop and hot state against a WebSocket that only counts bytes. */
import type { Socket } from 'node:net'
import { parseArgs } from 'node:util'
import type { Worker } from 'node:worker_threads'
import { siteTopics } from '../src/contract/topics.ts'
import { startThread } from '../src/edge/ts-thread.ts'
import { systemClock } from '../src/platform/clock.ts'
import { createRandom } from '../src/platform/random.ts'
import { createWorkerBus, type SenseWorker } from '../src/sense/sense-client.ts'
import { HotPoints } from '../src/twin/hot-points.ts'
import { openPublisher, startBenchBroker } from './ingest-parts/brokers.ts'
import { publishPacket } from './ingest-parts/mqtt-bytes.ts'

const usage = `bench ingest [flags]
  --messages N   messages a round (default 60000)
  --devices N    devices that send (default 150)
  --points N     points of each device, all in every message (default 4)
  --rounds N     rounds of either kind, alternating (default 5)
  --broker NAME  mosquitto or embedded (default: mosquitto where installed)
  --seed N       seed of the values (default 1)
  --least RATIO  the ratio below which the bench fails (default 0.5)
`

interface Load {
  readonly births: Buffer
  readonly messages: Buffer
  readonly count: number
  readonly devices: number
  readonly readings: number
}

const site = 'bench'
const topics = siteTopics(site)

export async function benchIngest(args: string[]): Promise<{ pass: boolean; [figure: string]: unknown }> {
  const { values } = parseArgs({
    args,
    options: {
      messages: { type: 'string', default: '60000' },
      devices: { type: 'string', default: '150' },
      points: { type: 'string', default: '4' },
      rounds: { type: 'string', default: '5' },
      broker: { type: 'string' },
      seed: { type: 'string', default: '1' },
      least: { type: 'string', default: '0.5' },
      help: { type: 'boolean' },
    },
  })
  if (values.help) {
    process.stderr.write(usage)
    return { pass: true }
  }
  const load = makeLoad(Number(values.messages), Number(values.devices), Number(values.points), Number(values.seed))
  const broker = await startBenchBroker(values.broker)
  const publisher = await openPublisher(broker.tcpPort)
  const app: number[] = []
  const raw: number[] = []
  let lost = 0
  try {
    await writeAll(publisher, load.births)
    for (let round = 0; round <= Number(values.rounds); round++) {
      const rawRate = await rawRound(broker.wsUrl, publisher, load)
      const appRound = await runApp(broker.wsUrl, publisher, load)
      lost += appRound.lost
      process.stderr.write(
        `${round === 0 ? 'warm-up' : `round ${round}`}: raw ${rawRate.toFixed(0)}/s, app ${appRound.rate.toFixed(0)}/s\n`,
      )
      if (round === 0) continue
      raw.push(rawRate)
      app.push(appRound.rate)
    }
  } finally {
    publisher.destroy()
    await broker.stop()
  }
  const ratios = app.map((rate, i) => rate / (raw[i] ?? Number.NaN))
  const ratio = median(ratios)
  return {
    pass: ratio >= Number(values.least) && lost === 0,
    ratio: round3(ratio),
    ratioMin: round3(Math.min(...ratios)),
    ratioMax: round3(Math.max(...ratios)),
    appMessagesPerS: Math.round(median(app)),
    appReadingsPerS: Math.round((median(app) * load.readings) / load.count),
    rawMessagesPerS: Math.round(median(raw)),
    lost,
    messages: load.count,
    bytesPerMessage: Math.round(load.messages.length / load.count),
    rounds: app.length,
    broker: broker.name,
    where: 'Node worker_threads: the tab’s SenseHost and createWorkerBus; the raw listener on a thread as well',
  }
}

function makeLoad(count: number, devices: number, points: number, seed: number): Load {
  const random = createRandom(seed)
  const startMs = Date.UTC(2026, 5, 3, 1, 30)
  const ids = Array.from({ length: points }, (_, at) => `p${at}`)
  const births = Array.from({ length: devices }, (_, at) =>
    publishPacket(
      topics.birth(`device-${at}`),
      JSON.stringify({
        id: `device-${at}`,
        name: `Device ${at}`,
        class: 'Electrical_Meter',
        at: startMs,
        points: ids.map((id) => ({ id, kind: 'power', unit: 'kW' })),
      }),
      true,
    ),
  )
  const messages = Array.from({ length: count }, (_, at) =>
    publishPacket(
      topics.telemetry(`device-${at % devices}`),
      JSON.stringify({
        at: startMs + at,
        values: Object.fromEntries(ids.map((id) => [id, Math.round(random.between(0, 1e5)) / 100])),
      }),
    ),
  )
  return {
    births: Buffer.concat(births),
    messages: Buffer.concat(messages),
    count,
    devices,
    readings: count * points,
  }
}

async function rawRound(url: string, publisher: Socket, load: Load): Promise<number> {
  const worker = startThread(new URL('./ingest-parts/raw.thread.ts', import.meta.url), {
    url,
    filter: topics.telemetry('+'),
    expectedBytes: load.messages.length,
  })
  try {
    await told(worker, 'ready')
    const startMs = performance.now()
    void writeAll(publisher, load.messages)
    await told(worker, 'done')
    return (load.count / (performance.now() - startMs)) * 1000
  } finally {
    await worker.terminate()
  }
}

function told(worker: Worker, word: string): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    const listen = (message: { type?: unknown }) => {
      if (message.type !== word) return
      worker.off('message', listen)
      resolve()
    }
    worker.on('message', listen)
  })
}

async function runApp(url: string, publisher: Socket, load: Load): Promise<{ rate: number; lost: number }> {
  const thread = startThread(new URL('./ingest-parts/sense.thread.ts', import.meta.url))
  const bus = createWorkerBus({ url, site, clientId: 'bench-app', clock: systemClock, worker: asSenseWorker(thread) })
  const hot = new HotPoints()
  let lost = 0
  let ready: () => void = () => {}
  let done: () => void = () => {}
  const allBorn = new Promise<void>((resolve) => {
    ready = resolve
  })
  const allRead = new Promise<void>((resolve) => {
    done = resolve
  })
  const devices = new Set<string>()
  bus.subscribe((event) => {
    if (event.type === 'device') {
      devices.add(event.birth.id)
      hot.reserve(Math.max(...event.points) + 1)
      if (devices.size === load.devices) ready()
    } else if (event.type === 'readings') {
      hot.apply(event.block)
      if (hot.readingsTotal + lost >= load.readings) done()
    } else if (event.type === 'rates') {
      lost = event.rates.droppedTotal + event.rates.invalidTotal
      if (hot.readingsTotal + lost >= load.readings) done()
    }
  })
  await allBorn
  const startMs = performance.now()
  void writeAll(publisher, load.messages)
  await allRead
  const elapsedMs = performance.now() - startMs
  bus.dispose()
  await thread.terminate()
  return { rate: (load.count / elapsedMs) * 1000, lost: load.readings - hot.readingsTotal }
}

function asSenseWorker(thread: Worker): SenseWorker {
  return {
    postMessage: (command, transfer) => thread.postMessage(command, transfer as ArrayBuffer[]),
    addEventListener: (type: string, listener: (event: never) => void) => {
      if (type === 'message') thread.on('message', (data) => listener({ data } as never))
      else thread.on('error', (error) => listener({ message: String(error) } as never))
    },
    terminate: () => void thread.terminate(),
  }
}

function writeAll(socket: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => socket.write(bytes, () => resolve()))
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]]
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2
}

function round3(value: number): number {
  return Math.round(value * 1000) / 1000
}
