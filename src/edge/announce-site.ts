import { siteTopics } from '../contract/topics.ts'
import { systemClock } from '../platform/clock.ts'
import { MqttLink } from '../sense/mqtt-link.ts'
import { announcement, type SiteSource } from './site-source.ts'

/**
 * Publishes a site file, retained, and says goodbye. For a park that is not simulated here but described here. A broker that
 * does not take it is said: consoles would wait for ever for a park of which nobody tells.
 */
export async function announceSite(brokerUrl: string, source: SiteSource, log: (line: string) => void): Promise<void> {
  let link: MqttLink | undefined
  await new Promise<void>((resolve) => {
    link = new MqttLink({
      url: brokerUrl,
      clientId: `parkloop-site-${process.pid}`,
      clock: systemClock,
      onState: ({ phase }) => {
        if (phase === 'online') resolve()
      },
      onMessage: () => {},
    })
    link.start()
  })
  const told = await link?.publish({
    topic: siteTopics(source.site.id).site,
    payload: announcement(source.site, source.bytes),
    qos: 1,
    retain: true,
  })
  if (told?.ok === false) log(`the broker did not take the site file of ${source.site.id}: ${told.error.message}`)
  await link?.dispose()
}
