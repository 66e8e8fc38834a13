/** One simulated park on a thread of its own: to live through a district's last days takes seconds of nothing else. */
import { parentPort, workerData } from 'node:worker_threads'
import type { CodecError } from '../contract/decode.ts'
import { loadSite } from '../site/load.ts'
import { type SimService, startSim } from './sim-service.ts'
import type { SimTask, SimThreadReport, SimThreadWord } from './sim-thread.ts'

const { id, bytes, ...task } = workerData as SimTask
const tell = (report: SimThreadReport) => parentPort?.postMessage(report)
let sim: SimService | undefined

const loaded = loadSite(bytes)
parentPort?.on('message', async (word: SimThreadWord) => {
  if (word === 'begin') return begin()
  if (word !== 'stop') return word === 'sleep' ? sim?.sleep() : sim?.wake()
  await sim?.dispose()
  // nothing else keeps the thread alive
  parentPort?.close()
})

if (!loaded.ok) refuse(loaded.error)
else if (loaded.value.id !== id)
  refuse({ code: 'invalid', path: 'id', message: `is “${loaded.value.id}”, and “${id}” was asked for` })
else tell({ type: 'checked', name: loaded.value.name })

function begin(): void {
  if (!loaded.ok || sim) return
  sim = startSim({ ...task, source: { site: loaded.value, bytes }, log: (line) => tell({ type: 'log', line }) })
  tell({ type: 'opened' })
}

function refuse(error: CodecError): void {
  tell({ type: 'refused', error })
  parentPort?.close()
}
