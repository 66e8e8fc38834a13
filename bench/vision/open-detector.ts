import { Detector } from '../../src/infer/detector.ts'
import type { DetectionManifest } from '../../src/infer/detector-manifest.ts'
import { type LoadedModel, loadModel } from '../../src/infer/model-manifest.ts'
import { ortBackends } from '../../src/infer/ort-backend.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { modelFolder } from '../model-card.ts'
import { Refusal } from '../refusal.ts'

export async function loadDetector(folder: string): Promise<LoadedModel<DetectionManifest>> {
  const loaded = await loadModel(modelFolder(folder))
  if (!loaded.ok) throw new Refusal(loaded.error.message)
  const { manifest, weights } = loaded.value
  if (manifest.task !== 'detection') throw new Refusal(`${manifest.name} does ${manifest.task}`)
  return { manifest, weights }
}

/** A detector's folder on WASM, in Node. */
export async function openDetector(folder: string): Promise<Detector> {
  const model = await loadDetector(folder)
  const opened = await Detector.open(model, { clock: systemClock, backends: ortBackends(), preference: 'wasm' })
  if (!opened.ok) throw new Refusal(opened.error.message)
  return opened.value
}
