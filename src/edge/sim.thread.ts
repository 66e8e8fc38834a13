/** One simulated park on a thread of its own: to live through a district's last days takes seconds of nothing else. */
import { parentPort, workerData } from 'node:worker_threads'
import { loadSite } from '../site/load.ts'
import { type SimService, startSim } from './sim-service.ts'
import type { SimTask, SimThreadReport, SimThreadWord } from './sim-thread.ts'

const { bytes, ...task } = workerData as SimTask
const tell = (report: SimThreadReport) => parentPort?.postMessage(report)
let sim: SimService | undefined

parentPort?.on('message', async (word: SimThreadWord) => {
  if (word !== 'stop') return word === 'sleep' ? sim?.sleep() : sim?.wake()
  await sim?.dispose()
  // nothing else keeps the thread alive
  parentPort?.close()
})

const loaded = loadSite(bytes)
if (loaded.ok) {
  sim = startSim({ ...task, source: { site: loaded.value, bytes }, log: (line) => tell({ type: 'log', line }) })
  tell({ type: 'opened' })
} else {
  tell({ type: 'refused', error: loaded.error })
  parentPort?.close()
}
