import { systemClock } from '../platform/clock.ts'
import { SenseHost } from './sense-host.ts'
import type { SenseCommand } from './sense-protocol.ts'

const host = new SenseHost((report, transfer) => self.postMessage(report, { transfer }), systemClock)
self.addEventListener('message', (event: MessageEvent<SenseCommand>) => host.handle(event.data))
