/** Runs the clips it is told, one after the other, on a thread of its own. */
import { parentPort, workerData } from 'node:worker_threads'
import { Detector } from '../../src/infer/detector.ts'
import { loadModel } from '../../src/infer/model-manifest.ts'
import { ortBackends } from '../../src/infer/ort-backend.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { modelFolder } from '../model-card.ts'
import { loadTriedSite, makeEpisode } from './episode.ts'
import { type EpisodeResult, runEpisode } from './run-episode.ts'

export interface EpisodesTask {
  readonly model: string
  readonly sites: readonly string[]
  readonly onlySites: boolean
  readonly seed: number
}

export type EpisodesAnswer =
  | { readonly index: number; readonly result: EpisodeResult }
  | { readonly index: number; readonly fault: string }

const task = workerData as EpisodesTask
const loaded = await loadModel(modelFolder(task.model))
if (!loaded.ok) throw new Error(loaded.error.message)
const opened = await Detector.open(loaded.value, { clock: systemClock, backends: ortBackends(), preference: 'wasm' })
if (!opened.ok) throw new Error(opened.error.message)
const detector = opened.value
const sites = task.sites.map(loadTriedSite)

parentPort?.on('message', async (index: number) => {
  try {
    const result = await runEpisode(makeEpisode(task.seed + index, index, sites, task.onlySites), detector)
    parentPort?.postMessage({ index, result } satisfies EpisodesAnswer)
  } catch (error) {
    parentPort?.postMessage({ index, fault: String(error) } satisfies EpisodesAnswer)
  }
})
parentPort?.postMessage('ready')
