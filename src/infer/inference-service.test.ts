import { describe, expect, it } from 'vitest'
import type { CameraFrame } from '../contract/camera.ts'
import { quickSha256Hex } from '../platform/sha256.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import type { EngineBackend, TensorsOut } from './engine-backend.ts'
import type { InferenceEvent } from './inference.ts'
import { InferenceService } from './inference-service.ts'

const weights = new Uint8Array([7])
const model = {
  name: 'tiny',
  version: '1',
  task: 'detection',
  file: 'tiny.onnx',
  bytes: 1,
  sha256: await quickSha256Hex(weights),
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
  more: object = {},
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
      new Uint8Array(file === 'model.json' ? new TextEncoder().encode(JSON.stringify({ ...model, ...more })) : weights),
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

  it('looks closely at the part of a large picture where something moves, and at all of it twice a second', async () => {
    let score = 0
    const { service, events, clock } = await setUp(async () => ({
      out: { data: new Float32Array([10, 8, 4, 6, 0.9, score]), dims: [1, 1, 6] },
    }))
    service.send({ type: 'open', folders: { detection: 'm' } })
    await service.opened
    const look = async (frameId: number, x: number) => {
      const rgba = new Uint8Array(128 * 64 * 4)
      for (let y = 40; y < 48; y++) rgba.fill(200, (y * 128 + x) * 4, (y * 128 + x + 8) * 4)
      const picture = { cameraId: 'a', frameId, capturedAtMs: frameId * 100, width: 128, height: 64 }
      service.send({ type: 'frame', frame: { ...picture, rgba: rgba.buffer } })
      await settle()
      const last = events.filter((event) => event.type === 'frame').at(-1)
      expect(last?.detections.frameId).toBe(frameId)
      return last?.detections.detections[0]?.box
    }
    expect(await look(1, 80)).toBeUndefined()
    score = 0.9
    clock.advance(100)
    // 80…99 moved, 64…115 is looked at: 52 × 26 pixels, of which the network sees 32 × 16.
    expect(await look(2, 92)).toEqual({ x: 64 + 8 * 1.625, y: 31 + 5 * 1.625, width: 4 * 1.625, height: 6 * 1.625 })
    clock.advance(600)
    expect(await look(3, 80)).toEqual({ x: 32, y: 20, width: 16, height: 24 })
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

  async function inspected(run: (() => Promise<TensorsOut>) | undefined, more: object) {
    const { service, events } = await setUp(run, undefined, more)
    service.send({ type: 'open', folders: { detection: 'm' } })
    await service.opened
    service.send({ type: 'inspect', requestId: 1, frame: frame('a', 1) })
    await settle()
    const told = events.find((event) => event.type === 'inspected')
    return told && { names: told.detections?.map(({ className }) => className) }
  }

  it('inspects nothing with a detector that knows no people: nobody would be blurred', async () => {
    for (const name of ['fire', 'surface crack', 'headlight', 'sprinkler_head'])
      expect(await inspected(undefined, { classes: [name] })).toEqual({ names: undefined })
    for (const name of ['Person', 'human_face', 'Head', 'pedestrian'])
      expect(await inspected(undefined, { classes: [name] })).toEqual({ names: [name] })
  })

  it('tells whoever exports of faces and plates too that the park has no word for', async () => {
    const rows = [10, 8, 4, 6, 0.9, 0.9, 0, 0, 20, 8, 4, 6, 0.9, 0, 0.9, 0, 10, 4, 4, 4, 0.9, 0, 0, 0.9]
    const run = async () => ({ out: { data: new Float32Array(rows), dims: [1, 3, 8] } })
    for (const face of ['face', 'license_plate']) {
      const classes = ['person', 'dog', face]
      const found = await inspected(run, { classes, classMap: { person: 'person' }, unmapped: 'drop' })
      expect(found?.names?.sort()).toEqual(['person', face].sort())
    }
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

describe('a detector from outside', () => {
  const foreign = { ...model, name: 'foreign', classes: ['forklift'] }
  const source = { name: 'foreign.onnx', weights, manifestText: JSON.stringify(foreign) }
  const answers = (events: readonly InferenceEvent[]) =>
    events.flatMap((event) => (event.type === 'answer' ? [[event.requestId, event.answer]] : []))
  const named = (events: readonly InferenceEvent[]) =>
    events.flatMap((event) => (event.type === 'models' ? [event.models.map(({ name }) => name).join()] : []))

  it('is tried on grey and on the newest frame, and takes over only when it is to be kept', async () => {
    const { service, events } = await setUp()
    service.send({ type: 'open', folders: { detection: 'm' } })
    await service.opened
    service.send({ type: 'frame', frame: frame('a', 1) })
    await settle()
    service.send({ type: 'tryDetector', requestId: 7, model: source, keep: false })
    await service.opened
    expect(answers(events)).toMatchObject([
      [
        7,
        {
          ok: true,
          value: { engine: 'wasm', onBlank: 1, onFrame: { cameraId: 'a', found: [{ className: 'forklift' }] } },
        },
      ],
    ])
    expect(named(events)).toEqual(['tiny'])
    service.send({ type: 'tryDetector', requestId: 8, model: source, keep: true })
    await service.opened
    expect(named(events)).toEqual(['tiny', 'foreign'])
    service.dispose()
  })

  it('that fails leaves the one in use as it was', async () => {
    const { service, events, looked } = await setUp()
    service.send({ type: 'open', folders: { detection: 'm' } })
    await service.opened
    const wrong = {
      ...source,
      manifestText: JSON.stringify({ ...foreign, output: { name: 'gone', layout: 'yolov8' } }),
    }
    service.send({ type: 'tryDetector', requestId: 1, model: wrong, keep: true })
    service.send({ type: 'tryDetector', requestId: 2, model: { ...source, manifestText: '{' }, keep: true })
    service.send({ type: 'inspectDetector', requestId: 3, model: { name: 'x', weights } })
    await service.opened
    expect(answers(events)).toMatchObject([
      [1, { error: { code: 'badOutput', message: expect.stringContaining('gone') } }],
      [2, { error: { code: 'badManifest' } }],
      [3, { error: { code: 'notOnnx' } }],
    ])
    service.send({ type: 'frame', frame: frame('a', 1) })
    await settle()
    expect(looked()).toEqual(['a1'])
    expect(named(events)).toEqual(['tiny'])
    service.dispose()
  })
})
