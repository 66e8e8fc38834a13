import { describe, expect, it } from 'vitest'
import type { CameraFrame } from '../contract/camera.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import type { EngineBackend, TensorsOut } from './engine-backend.ts'
import type { InferenceEvent } from './inference.ts'
import { InferenceService } from './inference-service.ts'
import { sha256Hex } from './model-manifest.ts'

const weights = new Uint8Array([7])
const model = {
  name: 'tiny',
  version: '1',
  task: 'detection',
  file: 'tiny.onnx',
  bytes: 1,
  sha256: await sha256Hex(weights),
  licence: 'MIT',
  input: { name: 'images', shape: [1, 3, 16, 32] },
  output: { name: 'out', layout: 'decoded' },
  classes: ['person'],
}

function frame(cameraId: string, frameId: number, bright = 0): CameraFrame {
  const rgba = new Uint8Array(32 * 16 * 4)
  // A bright block in one corner, where asked for.
  for (let y = 0; y < 8; y++) rgba.fill(bright, y * 128, y * 128 + 32)
  return { cameraId, frameId, capturedAtMs: frameId * 100, width: 32, height: 16, rgba: rgba.buffer }
}

async function setUp(
  run: () => Promise<TensorsOut> = async () => person,
  dispose: () => Promise<void> = async () => {},
) {
  const clock = new FakeClock()
  const backend: EngineBackend = {
    kind: 'wasm',
    probe: async () => ({ usable: true, why: '' }),
    open: async () => ({ run, dispose }),
  }
  const service = new InferenceService({
    clock,
    backends: [backend],
    filesOf: () => async (file) =>
      new Uint8Array(file === 'model.json' ? new TextEncoder().encode(JSON.stringify(model)) : weights),
  })
  const events: InferenceEvent[] = []
  service.subscribe((event) => events.push(event))
  const looked = () =>
    events.flatMap((event) =>
      event.type === 'frame' ? [`${event.detections.cameraId}${event.detections.frameId}`] : [],
    )
  return { clock, service, events, looked }
}

const person: TensorsOut = {
  out: { data: new Float32Array([10, 8, 4, 6, 0.9, 0.9]), dims: [1, 1, 6] },
}

/** Lets every promise that can go on do so. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('inference service', () => {
  it('goes on when closing a replaced model fails, and says so', async () => {
    const { service, events, looked } = await setUp(undefined, () => Promise.reject(new Error('device is gone')))
    service.send({ type: 'open', folders: { detection: 'm' } })
    service.send({ type: 'open', folders: { detection: 'm' } })
    await service.opened
    service.send({ type: 'frame', frame: frame('a', 1) })
    await settle()
    expect(looked()).toEqual(['a1'])
    const report = { severity: 'error', code: 'infer.engineFailed', detail: 'device is gone' }
    expect(events).toContainEqual({ type: 'fault', key: 'infer:detection', report })
  })

  it('opens models, looks at frames and reports both', async () => {
    const { service, events, looked } = await setUp()
    service.send({ type: 'open', folders: { detection: 'detector' } })
    service.send({ type: 'frame', frame: frame('a', 1) })
    await service.opened
    await settle()
    expect(events.find(({ type }) => type === 'models')).toMatchObject({
      models: [{ task: 'detection', name: 'tiny', engine: 'wasm' }],
    })
    expect(looked()).toEqual(['a1'])
    service.dispose()
  })

  it('serves cameras in turn and only their newest frames', async () => {
    const waiting: (() => void)[] = []
    let held = false
    const { service, looked, clock, events } = await setUp(() =>
      held ? new Promise((resolve) => waiting.push(() => resolve(person))) : Promise.resolve(person),
    )
    service.send({ type: 'open', folders: { detection: 'detector' } })
    await service.opened
    held = true
    service.send({ type: 'frame', frame: frame('a', 1) })
    for (const id of [2, 3, 4]) service.send({ type: 'frame', frame: frame('a', id) })
    service.send({ type: 'frame', frame: frame('b', 1) })
    for (let i = 0; i < 4; i++) {
      await settle()
      waiting.shift()?.()
    }
    await settle()
    expect(looked()).toEqual(['a1', 'b1', 'a4'])
    clock.advance(1000)
    expect(events.at(-1)).toMatchObject({ type: 'statistics', statistics: { framesOffered: 5, framesDropped: 2 } })
    service.dispose()
  })

  it('looks at a still scene every two seconds only', async () => {
    const { service, looked, clock } = await setUp()
    service.send({ type: 'open', folders: { detection: 'detector' } })
    await service.opened
    for (let id = 0; id < 80; id++) {
      service.send({ type: 'frame', frame: frame('a', id) })
      await settle()
      clock.advance(100)
    }
    // Full rate until the person found is no longer new, three seconds in all, then one look in two seconds.
    expect(looked().length).toBeLessThan(36)
    service.send({ type: 'frame', frame: frame('a', 90, 200) })
    await settle()
    expect(looked().at(-1)).toBe('a90')
    service.dispose()
  })

  it('inspects a picture once when asked, whatever moves in it, and leaves tracks alone', async () => {
    const { service, events, looked } = await setUp()
    service.send({ type: 'open', folders: { detection: 'm' } })
    await service.opened
    for (const requestId of [1, 2]) service.send({ type: 'inspect', requestId, frame: frame('a', 1) })
    await settle()
    const answers = events.filter((event) => event.type === 'inspected')
    expect(answers.map(({ requestId, detections }) => [requestId, detections?.length])).toEqual([
      [1, 1],
      [2, 1],
    ])
    expect(looked()).toEqual([])
  })

  it('answers whoever asks to inspect even when it cannot', async () => {
    const { service, events } = await setUp(() => Promise.reject(new Error('device is gone')))
    service.send({ type: 'inspect', requestId: 1, frame: frame('a', 1) })
    service.send({ type: 'open', folders: { detection: 'm' } })
    await service.opened
    service.send({ type: 'inspect', requestId: 2, frame: frame('a', 1) })
    await settle()
    const none = { type: 'inspected', detections: undefined }
    expect(events).toContainEqual({ ...none, requestId: 1 })
    expect(events).toContainEqual({ ...none, requestId: 2 })
  })

  it('turns a failing run into a fault and goes on', async () => {
    let fails = false
    const { service, events, looked } = await setUp(async () => {
      if (fails) throw new Error('out of memory')
      return person
    })
    service.send({ type: 'open', folders: { detection: 'detector' } })
    await service.opened
    fails = true
    service.send({ type: 'frame', frame: frame('a', 1) })
    await settle()
    fails = false
    service.send({ type: 'frame', frame: frame('a', 2, 200) })
    await settle()
    const faults = events.filter((event) => event.type === 'fault' && event.key === 'infer:detection:run')
    expect(faults).toMatchObject([{ report: { detail: 'out of memory' } }, { report: undefined }])
    expect(looked()).toEqual(['a2'])
    service.dispose()
  })

  it('leaves no timer and says nothing once disposed', async () => {
    const { service, events, clock } = await setUp()
    service.send({ type: 'open', folders: { detection: 'detector' } })
    service.dispose()
    service.send({ type: 'frame', frame: frame('a', 1) })
    await service.opened
    expect(clock.pendingCount).toBe(0)
    expect(events.filter(({ type }) => type === 'frame')).toEqual([])
  })
})
