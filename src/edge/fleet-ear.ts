import { decodeJson } from '../contract/decode.ts'
import { watchMessage } from '../contract/messages.ts'
import { parseTopic, topicRoot } from '../contract/topics.ts'
import { systemClock } from '../platform/clock.ts'
import { MqttLink } from '../sense/mqtt-link.ts'
import type { ParkFleet } from './park-fleet.ts'

/** Hears on the broker who looks at which site, and tells the fleet. */
export function openFleetEar(brokerUrl: string, fleet: ParkFleet): MqttLink {
  const ear = new MqttLink({
    url: brokerUrl,
    clientId: `parkloop-host-${process.pid}`,
    clock: systemClock,
    onState: () => {},
    onMessage: (topic, payload) => {
      const parsed = parseTopic(topic)
      if (parsed?.kind === 'watch' && decodeJson(watchMessage, payload, 1024).ok) fleet.looked(parsed.site)
      else if (parsed?.kind === 'site') fleet.heardSite(parsed.site, payload)
    },
  })
  ear.subscribe([
    { filter: `${topicRoot}/+/watch`, qos: 0 },
    { filter: `${topicRoot}/+/site`, qos: 1 },
  ])
  ear.start()
  return ear
}
