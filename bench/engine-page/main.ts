/** A detector on a page of its own, driven from outside: for figures on WebGPU and for what happens to a lost device. */
import type { Detection } from '../../src/contract/perception.ts'
import { Detector } from '../../src/infer/detector.ts'
import { imageSize } from '../../src/infer/detector-manifest.ts'
import type { EnginePreference, EngineReport } from '../../src/infer/engine.ts'
import type { ModelManifest } from '../../src/infer/model-manifest.ts'
import { ortBackends } from '../../src/infer/ort-backend.ts'
import { browserOrtAssets } from '../../src/infer/ort-browser.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { asStored } from '../coco/exif.ts'
import { RunWatch } from '../coco/run-watch.ts'
import { ofStatedSize, type StatedSize } from '../coco/stated-size.ts'
import { gpuBytes, watchGpuMemory } from './gpu-memory.ts'
import { type LossReport, loseDevice } from './lose-device.ts'
import { type NodeRecord, profileOnWebGpu } from './profile.ts'

export interface EnginePage {
  open(manifest: ModelManifest, weightsUrl: string, preference: EnginePreference): Promise<EngineReport>
  /**
   * Detections, and the time from decoded picture to the model's outputs; the picture as it is stored where only that is of the stated size.
   * `unreadable` tells why there is no picture, or none of that size.
   */
  detect(pictureUrl: string, stated?: StatedSize): Promise<PageLook>
  /** A look at noise of the input's size; answers with the bytes that the GPU then holds. */
  lookAtNoise(): Promise<number>
  close(): Promise<void>
  profile(weightsUrl: string, input: { name: string; shape: readonly number[] }): Promise<readonly NodeRecord[]>
  loseDevice(folderUrl: string): Promise<LossReport>
}

type PageLook =
  | { readonly ms: number; readonly detections: readonly Detection[]; readonly unreadable?: undefined }
  | { readonly unreadable: string }

declare global {
  interface Window {
    enginePage: EnginePage
  }
}

watchGpuMemory()

let detector: Detector | undefined
let watch: RunWatch | undefined

window.enginePage = {
  profile: profileOnWebGpu,
  loseDevice,
  async open(manifest, weightsUrl, preference) {
    const weights = new Uint8Array(await (await fetch(weightsUrl)).arrayBuffer())
    watch = new RunWatch(ortBackends(browserOrtAssets), systemClock)
    const options = { clock: systemClock, backends: watch.backends, preference }
    const opened = await Detector.open({ manifest, weights }, options)
    if (!opened.ok) throw new Error(`${opened.error.code}: ${opened.error.message}`)
    detector = opened.value
    return detector.engine.report
  },
  async detect(pictureUrl, stated = {}) {
    if (!detector || !watch) throw new Error('no detector is open')
    const file = await (await fetch(pictureUrl)).blob()
    const bitmap = await ofStatedSize(
      stated,
      () => createImageBitmap(file),
      async () => createImageBitmap(new Blob([asStored(new Uint8Array(await file.arrayBuffer()))])),
    ).catch((error: unknown) => (error instanceof Error ? error.message : String(error)))
    if (typeof bitmap === 'string') return { unreadable: bitmap }
    const { width, height } = bitmap
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
    if (!context) throw new Error('no canvas')
    context.drawImage(bitmap, 0, 0)
    const rgba = context.getImageData(0, 0, width, height).data.slice().buffer
    const startMs = systemClock.monotonicMs()
    const detections = await detector.detect({ width, height, rgba })
    return { ms: watch.endedMs - startMs, detections }
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
