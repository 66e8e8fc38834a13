/** Everything behind the views, built once: link, virtual cameras, inference and loop, and the channels between them. */

import type { CameraFrame } from '../contract/camera.ts'
import { brokerAddress, type ConsoleConfig } from '../contract/console-config.ts'
import type { IntentPort } from '../contract/intent-port.ts'
import { openInference } from '../infer/inference-client.ts'
import { ParkLoop } from '../loop/park-loop.ts'
import type { CameraViewPort } from '../panels/ports.tsx'
import { systemClock } from '../platform/clock.ts'
import { Disposables } from '../platform/disposables.ts'
import { createSelection, type SelectionStore } from '../scene/selection.ts'
import { createWorkerBus } from '../sense/sense-client.ts'
import { openVirtualCameras, type VirtualCameraClient } from '../sim/camera/virtual-camera-client.ts'
import type { Twin } from '../twin/twin.ts'
import { CameraView } from './camera-view.ts'

export interface ParkSession {
  readonly twin: Twin
  readonly intents: IntentPort
  readonly selection: SelectionStore
  readonly cameraView: CameraViewPort
  dispose(): void
}

/** 64 random bits as hex; enough that two consoles never meet. */
function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function openParkSession(config: ConsoleConfig, pageUrl: string): ParkSession {
  const open = new Disposables()
  const modelUrl = (name: string) => new URL(`models/${name}`, new URL('.', pageUrl)).href
  const inference = openInference()
  open.add(inference)

  const world = config.sim ? new MessageChannel() : undefined
  const bus = createWorkerBus({
    url: brokerAddress(config, pageUrl),
    site: config.siteId,
    clientId: `console-${randomId()}`,
    clock: systemClock,
    ...(config.username !== undefined && { username: config.username }),
    ...(config.password !== undefined && { password: config.password }),
    ...(world && { worldPort: world.port1 }),
  })
  open.add(bus)

  const loop = new ParkLoop({
    clock: systemClock,
    bus,
    inference,
    models: { detection: modelUrl('detector'), forecast: modelUrl('forecaster'), environment: modelUrl('environment') },
    consoleId: `console-${randomId()}`,
    personName: 'manager',
    role: () => 'manager',
    newId: randomId,
  })
  open.add(loop)

  const view = new CameraView()
  if (world) {
    const cameras = openVirtualCameras()
    open.add(cameras)
    const frames = new MessageChannel()
    cameras.send({ type: 'connectWorld', port: world.port2 })
    cameras.send({ type: 'connectFrames', port: frames.port1 })
    inference.send({ type: 'connectFrames', port: frames.port2 })
    open.add(bus.subscribe((event) => event.type === 'site' && cameras.send({ type: 'site', site: event.site })))
    open.add(connectView(cameras, view, loop))
  }
  return {
    twin: loop.twin,
    intents: siteIntents(loop),
    selection: createSelection(),
    cameraView: view,
    dispose: () => open.dispose(),
  }
}

function connectView(cameras: VirtualCameraClient, view: CameraView, loop: ParkLoop): () => void {
  view.onWatch((cameraIds) => cameras.send({ type: 'watch', cameraIds }))
  return cameras.subscribe((event) => {
    if (event.type === 'health') loop.noteCameras(event.cameras)
    else void showPicture(view, event.frame)
  })
}

async function showPicture(view: CameraView, { cameraId, rgba, width, height }: CameraFrame): Promise<void> {
  const bitmap = await createImageBitmap(new ImageData(new Uint8ClampedArray(rgba), width, height))
  view.show(cameraId, bitmap)
}

/** Intents go to the loop of the site that is there; before one is announced they are refused. */
function siteIntents(loop: ParkLoop): IntentPort {
  const refused = { accepted: false, why: 'noSite' } as const
  return {
    approvePlan: (planId) => loop.site?.approvePlan(planId) ?? refused,
    rejectPlan: (planId, why) => loop.site?.rejectPlan(planId, why) ?? refused,
    command: (intent) => loop.site?.command(intent) ?? refused,
    rollback: (commandId) => loop.site?.rollback(commandId) ?? refused,
    acknowledgeIncident: (incidentId) => loop.site?.acknowledgeIncident(incidentId) ?? refused,
    scenario: (name, action) => loop.site?.scenario(name, action) ?? refused,
  }
}
