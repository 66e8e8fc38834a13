import { siteTopics } from '../../src/contract/topics.ts'
import { createRandom } from '../../src/platform/random.ts'
import { openPublisher } from '../ingest-parts/brokers.ts'
import { publishPacket } from '../ingest-parts/mqtt-bytes.ts'

const devices = 100
const pointsEach = 5
const tickMs = 25

/** Adds meters to the campus and lets them report, evenly spread over time. */
export async function publishReadings(tcpPort: number, siteMs: () => number, readingsPerS: number) {
  const topics = siteTopics('campus')
  const random = createRandom(1)
  const socket = await openPublisher(tcpPort)
  const ids = Array.from({ length: pointsEach }, (_, at) => `p${at}`)
  const id = (device: number) => `bench-meter-${device}`
  for (let device = 0; device < devices; device++)
    socket.write(
      publishPacket(
        topics.birth(id(device)),
        JSON.stringify({
          id: id(device),
          name: `Bench meter ${device}`,
          class: 'Sensor_Equipment',
          at: Math.round(siteMs()),
          points: ids.map((point) => ({ id: point, kind: 'current', unit: 'A' })),
        }),
        true,
      ),
    )
  let sent = 0
  let due = 0
  const timer = setInterval(() => {
    due += (readingsPerS * tickMs) / 1000 / pointsEach
    const at = Math.round(siteMs())
    for (; due >= 1; due--) {
      const values = Object.fromEntries(ids.map((point) => [point, Math.round(random.between(0, 1e5)) / 100]))
      socket.write(publishPacket(topics.telemetry(id((sent / pointsEach) % devices)), JSON.stringify({ at, values })))
      sent += pointsEach
    }
  }, tickMs)
  return {
    sent: () => sent,
    stop: () => {
      clearInterval(timer)
      socket.destroy()
    },
  }
}
