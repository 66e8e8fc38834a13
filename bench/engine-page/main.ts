/** A detector on a page of its own, driven from outside: for figures on WebGPU and for what happens to a lost device. */
import type { Detection } from '../../src/contract/perception.ts'
import { Detector } from '../../src/infer/detector.ts'
import { imageSize } from '../../src/infer/detector-manifest.ts'
import type { EnginePreference, EngineReport } from '../../src/infer/engine.ts'
import type { ModelManifest } from '../../src/infer/model-manifest.ts'
import { ortBackends } from '../../src/infer/ort-backend.ts'
import { browserOrtAssets } from '../../src/infer/ort-browser.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { gpuBytes, watchGpuMemory } from './gpu-memory.ts'
import { type LossReport, loseDevice } from './lose-device.ts'
import { type NodeRecord, profileOnWebGpu } from './profile.ts'

export interface EnginePage {
  open(manifest: ModelManifest, weightsUrl: string, preference: EnginePreference): Promise<EngineReport>
  /** Time from decoded picture to detections. */
  detect(pictureUrl: string): Promise<{ readonly ms: number; readonly detections: readonly Detection[] }>
  /** A look at noise of the input's size; answers with the bytes that the GPU then holds. */
  lookAtNoise(): Promise<number>
  close(): Promise<void>
  profile(weightsUrl: string, input: { name: string; shape: readonly number[] }): Promise<readonly NodeRecord[]>
  loseDevice(folderUrl: string): Promise<LossReport>
}

declare global {
  interface Window {
    enginePage: EnginePage
  }
}

watchGpuMemory()

let detector: Detector | undefined

window.enginePage = {
  profile: profileOnWebGpu,
  loseDevice,
  async open(manifest, weightsUrl, preference) {
    const weights = new Uint8Array(await (await fetch(weightsUrl)).arrayBuffer())
    const backends = ortBackends(browserOrtAssets)
    const opened = await Detector.open({ manifest, weights }, { clock: systemClock, backends, preference })
    if (!opened.ok) throw new Error(`${opened.error.code}: ${opened.error.message}`)
    detector = opened.value
    return detector.engine.report
  },
  async detect(pictureUrl) {
    if (!detector) throw new Error('no detector is open')
    const bitmap = await createImageBitmap(await (await fetch(pictureUrl)).blob())
    const { width, height } = bitmap
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
    if (!context) throw new Error('no canvas')
    context.drawImage(bitmap, 0, 0)
    const rgba = context.getImageData(0, 0, width, height).data.slice().buffer
    const startMs = performance.now()
    const detections = await detector.detect({ width, height, rgba })
    return { ms: performance.now() - startMs, detections }
  },
  async lookAtNoise() {
    if (!detector) throw new Error('no detector is open')
    const { width, height } = imageSize(detector.manifest.input)
    const pixels = new Uint8Array(width * height * 4)
    // The most that one call gives.
    for (let at = 0; at < pixels.length; at += 65_536) crypto.getRandomValues(pixels.subarray(at, at + 65_536))
    await detector.detect({ width, height, rgba: pixels.buffer })
    return gpuBytes()
  },
  async close() {
    await detector?.dispose()
    detector = undefined
  },
}
