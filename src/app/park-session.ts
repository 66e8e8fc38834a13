/** Everything behind the views, built once: link, cameras, inference and loop, and the channels between them. */

import type { CameraControls, PictureExporter } from '../contract/camera-port.ts'
import { brokerAddress, type ConsoleConfig } from '../contract/console-config.ts'
import type { IntentPort } from '../contract/intent-port.ts'
import type { ModelControls } from '../contract/model-port.ts'
import type { SitePort } from '../contract/site-port.ts'
import { openInference } from '../infer/inference-client.ts'
import { ParkLoop } from '../loop/park-loop.ts'
import type { CameraViewPort } from '../panels/ports.tsx'
import { systemClock } from '../platform/clock.ts'
import { Disposables } from '../platform/disposables.ts'
import { createSelection, type SelectionStore } from '../scene/selection.ts'
import { createViewState, type ViewStore } from '../scene/view-state.ts'
import type { CameraMemory } from '../sense/cameras/camera-memory.ts'
import { createWorkerBus } from '../sense/sense-client.ts'
import type { Camera } from '../site/schema.ts'
import type { Twin } from '../twin/twin.ts'
import { CameraView } from './camera-view.ts'
import { DetectorModels } from './detector-models.ts'
import { openCameras } from './open-cameras.ts'
import { SiteSwitch } from './site-switch.ts'

export interface ParkSession {
  readonly twin: Twin
  readonly intents: IntentPort
  readonly selection: SelectionStore
  readonly views: ViewStore
  readonly cameraView: CameraViewPort
  readonly cameraControls: CameraControls
  readonly pictureExporter: PictureExporter
  readonly calibrate: (camera: Camera) => void
  readonly modelControls: ModelControls
  readonly sites: SitePort
  dispose(): void
}

/** 64 random bits as hex; enough that two consoles never meet. */
function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Who sits here, for the record. */
const personName = 'manager'

/** `memory` outlives this session, and `enter` leaves its park for another one. */
export function openParkSession(
  config: ConsoleConfig,
  pageUrl: string,
  memory: CameraMemory,
  enter: (siteId: string) => void,
): ParkSession {
  const open = new Disposables()
  const modelUrl = (name: string) => new URL(`models/${name}`, new URL('.', pageUrl)).href
  const inference = openInference()
  open.add(inference)

  const world = config.sim ? new MessageChannel() : undefined
  const bus = createWorkerBus({
    url: brokerAddress(config, pageUrl),
    site: config.siteId,
    pageUrl,
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
    personName,
    role: () => 'manager',
    newId: randomId,
  })
  open.add(loop)

  const models = new DetectorModels({
    inference,
    shippedUrl: modelUrl('detector'),
    refused: ({ code, message }) =>
      loop.twin.faults.set('infer:imported', { severity: 'warning', code: `infer.${code}`, detail: message }),
  })
  open.add(models)

  const view = new CameraView()
  const cameras = openCameras({ bus, loop, inference, view, memory, personName, worldPort: world?.port2 })
  open.add(cameras)
  return {
    twin: loop.twin,
    intents: siteIntents(loop),
    selection: createSelection(),
    views: createViewState(),
    cameraView: view,
    cameraControls: cameras.controls,
    pictureExporter: cameras.exporter,
    calibrate: (camera) => loop.calibrate(camera),
    modelControls: models,
    sites: new SiteSwitch({
      config,
      pageUrl,
      clientId: `console-${randomId()}`,
      publish: (request) => bus.publish(request),
      enter,
    }),
    dispose: () => open.dispose(),
  }
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
