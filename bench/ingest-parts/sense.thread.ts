/** The tab's sense worker, on a thread of Node: the very same host behind another port. */
import { parentPort } from 'node:worker_threads'
import { systemClock } from '../../src/platform/clock.ts'
import { SenseHost } from '../../src/sense/sense-host.ts'
import type { SenseCommand } from '../../src/sense/sense-protocol.ts'

const host = new SenseHost(
  (report, transfer) => parentPort?.postMessage(report, transfer as ArrayBuffer[]),
  systemClock,
)
parentPort?.on('message', (command: SenseCommand) => host.handle(command))
