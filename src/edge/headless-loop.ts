/** The loop without a page: the same stages in one Node process, virtual cameras included. For benches, tests and sites without a screen. */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SimWorldMessage } from '../contract/sim-world.ts'
import { InferenceService } from '../infer/inference-service.ts'
import { ortBackends } from '../infer/ort-backend.ts'
import { ParkLoop } from '../loop/park-loop.ts'
import { systemClock } from '../platform/clock.ts'
import { createDirectBus } from '../sense/direct-bus.ts'
import { VirtualCameraHost } from '../sim/camera/virtual-camera-host.ts'
import type { ParkBus } from '../site/park-bus.ts'

export interface HeadlessLoop {
  readonly loop: ParkLoop
  readonly bus: ParkBus
  dispose(): Promise<void>
}

export interface HeadlessOptions {
  readonly brokerUrl: string
  readonly siteId: string
  /** Folder with `detector`, `forecaster` and `environment`. */
  readonly modelsFolder: string
  /** Whether virtual cameras look at a simulated site, and the detector at their pictures; true unless given. */
  readonly cameras?: boolean
  /** For evaluation only: sees the simulated world's truth as the virtual cameras do. */
  readonly onWorld?: (world: SimWorldMessage) => void
}

export function openHeadlessLoop(options: HeadlessOptions): HeadlessLoop {
  const { brokerUrl, siteId, modelsFolder, onWorld, cameras: watching = true } = options
  const newId = () => randomBytes(8).toString('hex')
  const service = new InferenceService({
    clock: systemClock,
    backends: ortBackends(),
    filesOf: (folder) => async (file) => new Uint8Array(await readFile(join(folder, file))),
  })
  const cameras = new VirtualCameraHost({
    clock: systemClock,
    post: (event) => {
      if (event.type === 'health') loop.noteCameras(event.cameras)
    },
  })
  const frames = new MessageChannel()
  cameras.handle({ type: 'connectFrames', port: frames.port1 })
  service.send({ type: 'connectFrames', port: frames.port2 })
  const bus = createDirectBus({
    url: brokerUrl,
    site: siteId,
    clientId: `headless-${newId()}`,
    clock: systemClock,
    ...((watching || onWorld) && {
      onWorld: (world) => {
        onWorld?.(world)
        if (watching) cameras.handle({ type: 'world', world })
      },
    }),
  })
  const loop = new ParkLoop({
    clock: systemClock,
    bus,
    inference: service,
    models: {
      ...(watching && { detection: join(modelsFolder, 'detector') }),
      forecast: join(modelsFolder, 'forecaster'),
      environment: join(modelsFolder, 'environment'),
    },
    consoleId: `headless-${newId()}`,
    personName: 'headless',
    role: () => 'manager',
    newId,
  })
  const unsubscribe = bus.subscribe((event) => {
    if (watching && event.type === 'site') cameras.handle({ type: 'site', site: event.site })
  })
  return {
    loop,
    bus,
    async dispose() {
      unsubscribe()
      loop.dispose()
      cameras.dispose()
      service.dispose()
      await bus.closed()
    },
  }
}
