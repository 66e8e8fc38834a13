import { systemClock } from '../platform/clock.ts'
import { SenseHost } from './sense-host.ts'
import type { SenseCommand } from './sense-protocol.ts'
import { SiteDesk, type SiteDeskCommand } from './site-desk.ts'

const host = new SenseHost((report, transfer) => self.postMessage(report, { transfer }), systemClock)
const desk = new SiteDesk((report, transfer) => self.postMessage(report, { transfer }), systemClock)
// One file for both, since a second one would carry the MQTT library once more.
self.addEventListener('message', ({ data }: MessageEvent<SenseCommand | SiteDeskCommand>) =>
  data.type === 'look' || data.type === 'checkSite' ? desk.handle(data) : host.handle(data),
)
