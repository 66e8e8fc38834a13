/** The cameras' half of a session: sources, the desk where their pictures become frames, and who gets those. */

import type { CameraFrame, CameraSource } from '../contract/camera.ts'
import type { CameraControls, PictureExporter } from '../contract/camera-port.ts'
import type { Detection } from '../contract/perception.ts'
import type { Inference } from '../infer/inference.ts'
import type { ParkLoop } from '../loop/park-loop.ts'
import { systemClock } from '../platform/clock.ts'
import { type Disposable, Disposables } from '../platform/disposables.ts'
import type { CameraBus } from '../sense/camera-bus.ts'
import { browserPlace } from '../sense/cameras/browser-place.ts'
import { CameraMemory, type KeyValue } from '../sense/cameras/camera-memory.ts'
import { CameraSources, type MediaAddress } from '../sense/cameras/camera-sources.ts'
import { type DeskClient, openDesk } from '../sense/cameras/desk-client.ts'
import type { MediaNeeds } from '../sense/cameras/media-needs.ts'
import type { RawPicture } from '../sense/cameras/raw-picture.ts'
import { openVirtualCameras } from '../sim/camera/virtual-camera-client.ts'
import type { CameraView } from './camera-view.ts'
import { createPictureExporter } from './picture-exporter.ts'

interface CameraNeeds {
  readonly bus: CameraBus
  readonly loop: ParkLoop
  readonly inference: Inference
  readonly view: CameraView
  /** Of the page: what was chosen holds when a park is left and entered again. */
  readonly memory: CameraMemory
  /** Who exports, for the record. */
  readonly personName: string
  /** Where the simulated world's truth comes from; undefined where nothing is simulated. */
  readonly worldPort: MessagePort | undefined
}

export interface OpenCameras extends Disposable {
  readonly controls: CameraControls
  readonly exporter: PictureExporter
}

export const openCameraMemory = () => new CameraMemory(storage('localStorage'), storage('sessionStorage'))

export function openCameras({ bus, loop, inference, view, memory, personName, worldPort }: CameraNeeds): OpenCameras {
  const open = new Disposables()
  const desk = openDesk()
  open.add(desk)
  const looked = new MessageChannel()
  desk.send({ type: 'connectInference', port: looked.port1 })
  inference.send({ type: 'connectFrames', port: looked.port2 })

  const place = browserPlace(systemClock)
  const virtual = worldPort && connectVirtual(desk, worldPort)
  if (virtual) open.add(virtual)
  const sources = new CameraSources({
    clock: systemClock,
    random: Math.random,
    desk,
    bus,
    drawVirtual: virtual && ((cameraIds) => virtual.send({ type: 'draw', cameraIds })),
    mediaSource: (address, { lens, fps }, file) => lazyMedia(address, { clock: systemClock, place, lens, fps, file }),
    memory,
    onHealth: (health) => loop.noteCameras(health),
  })
  open.add(sources)
  if (virtual) open.add(virtual.subscribe((event) => sources.note(event.cameras)))

  view.onWatch((cameraIds) => desk.send({ type: 'watch', cameraIds }))
  open.add(
    desk.subscribe((event) => event.type === 'picture' && view.show(event.cameraId, event.bitmap, event.capturedAtMs)),
  )
  open.add(
    bus.subscribe((event) => {
      if (event.type === 'cameraFrame') sources.jpeg(event.camera, event.topic, event.jpeg)
      else if (event.type === 'clock') sources.clock(event.clock)
      else if (event.type === 'site') {
        virtual?.send({ type: 'site', site: event.site })
        sources.enter(event.site)
      }
    }),
  )
  const exporter = createPictureExporter({
    take: (cameraId) => desk.take(cameraId),
    inspect: inspectorOf(inference),
    encode: (frame, regions, caption, format) => desk.encode({ frame, regions, caption, format }),
    record: (cameraId, detail) => loop.site?.recordExport(cameraId, detail) ?? { accepted: false, why: 'noSite' },
    personName,
    utcOffsetMinutes: () => loop.site?.utcOffsetMinutes ?? 0,
  })
  return { controls: controlsOf(sources, inference), exporter, dispose: () => open.dispose() }
}

/** What was learned of a camera's picture says nothing of what another source shows. */
function controlsOf(sources: CameraSources, inference: Inference): CameraControls {
  const showsElse = (cameraId: string) => inference.send({ type: 'reset', cameraId })
  return {
    setups: () => sources.setups(),
    onSetups: (listener) => sources.onSetups(listener),
    setMasks: (cameraId, masks) => sources.setMasks(cameraId, masks),
    retry: (cameraId) => sources.retry(cameraId),
    chooseSource(cameraId, address) {
      sources.chooseSource(cameraId, address)
      showsElse(cameraId)
    },
    chooseFile(cameraId, file) {
      sources.chooseFile(cameraId, file)
      showsElse(cameraId)
    },
  }
}

/** Players are only loaded when a camera needs one. */
function lazyMedia(address: MediaAddress, needs: MediaNeeds): CameraSource<RawPicture> {
  return {
    open(sink) {
      const open = new Disposables()
      import('../sense/cameras/media-source.ts').then(
        ({ mediaSource }) => {
          if (!open.disposed) open.add(mediaSource(address, needs).open(sink))
        },
        (error: unknown) => sink.failed({ code: 'camera.unreachable', detail: String(error).slice(0, 200) }),
      )
      return open
    },
  }
}

/** One look of the detector at one picture; answered in every case. */
function inspectorOf(inference: Inference): (frame: CameraFrame) => Promise<readonly Detection[] | undefined> {
  let nextRequestId = 1
  return (frame) =>
    new Promise((resolve) => {
      const requestId = nextRequestId++
      const leave = inference.subscribe((event) => {
        if (event.type !== 'inspected' || event.requestId !== requestId) return
        leave()
        resolve(event.detections)
      })
      inference.send({ type: 'inspect', requestId, frame })
    })
}

/** Where storage is forbidden even its name throws: then a choice lasts as long as the page. */
function storage(name: 'localStorage' | 'sessionStorage'): KeyValue {
  try {
    return window[name]
  } catch {
    const kept = new Map<string, string>()
    return {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    }
  }
}

function connectVirtual(desk: DeskClient, worldPort: MessagePort) {
  const cameras = openVirtualCameras()
  const drawn = new MessageChannel()
  cameras.send({ type: 'connectWorld', port: worldPort })
  cameras.send({ type: 'connectFrames', port: drawn.port1 })
  desk.send({ type: 'connectVirtual', port: drawn.port2 })
  return cameras
}
