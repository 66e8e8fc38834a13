/** Runs inside the page: frames go to the inference worker without pause, and half-way its GPU device is destroyed. */
import type { InferenceEvent } from '../../src/infer/inference.ts'
import { InferenceClient } from '../../src/infer/inference-client.ts'

export interface LossReport {
  readonly enginesBefore: readonly string[]
  /** From the destruction to the first frame judged by WASM. */
  readonly takeoverMs: number
  readonly faults: readonly string[]
  /** The engine and reason that the worker reports afterwards. */
  readonly engine: string
  readonly why: string
}

const width = 320
const height = 192

export function loseDevice(folderUrl: string): Promise<LossReport> {
  const worker = new Worker(new URL('./lossy.worker.ts', import.meta.url), { type: 'module' })
  const client = new InferenceClient(worker)
  const channel = new BroadcastChannel('lose-device')
  const enginesBefore: string[] = []
  const faults: string[] = []
  let models: Extract<InferenceEvent, { type: 'models' }>['models'] = []
  let frameId = 0
  let asked = false
  /** Wall time by the worker's own clock, when the device was gone. */
  let lostAtMs = Number.NaN
  channel.onmessage = ({ data }: MessageEvent<number>) => {
    lostAtMs = data
  }
  const offer = () => {
    // Every picture is new all over: no gate may find it still.
    const rgba = crypto.getRandomValues(new Uint8Array(192 * 64)).buffer
    const whole = new Uint8Array(width * height * 4)
    for (let at = 0; at < whole.length; at += rgba.byteLength) whole.set(new Uint8Array(rgba), at)
    frameId++
    const capturedAtMs = frameId * 100
    client.send({ type: 'frame', frame: { cameraId: 'a', frameId, capturedAtMs, width, height, rgba: whole.buffer } })
  }
  return new Promise((resolve, reject) => {
    const pulse = setInterval(offer, 50)
    client.subscribe((event) => {
      if (event.type === 'models') models = event.models
      if (event.type === 'fault' && event.report) faults.push(event.report.code)
      if (event.type !== 'frame') return
      const { engine } = event.detections
      if (engine === 'webgpu') {
        enginesBefore.push(engine)
        if (enginesBefore.length < 2 || asked) return
        asked = true
        channel.postMessage('now')
        return
      }
      clearInterval(pulse)
      const takeoverMs = performance.timeOrigin + performance.now() - lostAtMs
      client.dispose()
      channel.close()
      const [model] = models
      if (!model) return reject(new Error('no model is reported'))
      resolve({ enginesBefore, takeoverMs, faults, engine: model.engine, why: model.why })
    })
    client.send({ type: 'open', folders: { detection: folderUrl }, preference: 'webgpu' })
  })
}
