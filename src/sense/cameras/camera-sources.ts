import type { CameraFault, CameraHealth, CameraSource, MaskPolygon } from '../../contract/camera.ts'
import {
  type CameraAddress,
  type CameraKind,
  parseCameraAddress,
  shownCameraAddress,
} from '../../contract/camera-address.ts'
import type { CameraControls, CameraSetup } from '../../contract/camera-port.ts'
import type { ClockMessage } from '../../contract/messages.ts'
import { siteTopics } from '../../contract/topics.ts'
import type { Clock } from '../../platform/clock.ts'
import { type Disposable, Disposables } from '../../platform/disposables.ts'
import { Emitter } from '../../platform/emitter.ts'
import type { Camera, SiteFile } from '../../site/schema.ts'
import type { CameraBus } from '../camera-bus.ts'
import type { CameraMemory } from './camera-memory.ts'
import type { DeskClient } from './desk-client.ts'
import type { DeskFeed } from './desk-protocol.ts'
import { type RawPicture, releasePicture } from './raw-picture.ts'
import { SupervisedSource } from './supervised-source.ts'

/** Kinds that need a media element or a device of the tab. */
export type MediaAddress = Extract<CameraAddress, { kind: 'hls' | 'mp4' | 'whep' | 'webcam' | 'file' }>

export interface CameraSourcesOptions {
  readonly clock: Clock
  readonly random: () => number
  readonly desk: Pick<DeskClient, 'send' | 'subscribe'>
  readonly bus: Pick<CameraBus, 'followCameras'>
  /** Tells which virtual cameras are to be drawn; undefined where no simulated world is to be seen. */
  readonly drawVirtual: ((cameraIds: readonly string[]) => void) | undefined
  readonly mediaSource: (address: MediaAddress, camera: Camera, file: File | undefined) => CameraSource<RawPicture>
  readonly memory: CameraMemory
  readonly onHealth: (health: readonly CameraHealth[]) => void
}

interface Running {
  readonly camera: Camera
  readonly address: CameraAddress | undefined
  readonly setup: CameraSetup
  /** All that decides how the source runs; the same text means that nothing needs to be begun anew. */
  readonly key: string
  readonly media: SupervisedSource<RawPicture> | undefined
}

const healthPeriodMs = 1000
/** A media element begins slowly: a playlist, a segment, a key frame. */
const mediaStallMs = 15_000

/** Every camera of the site at its source: the site file's, or the one a person chose here. */
export class CameraSources implements CameraControls, Disposable {
  readonly #o: CameraSourcesOptions
  readonly #open = new Disposables()
  readonly #changed = new Emitter<void>()
  readonly #running = new Map<string, Running>()
  readonly #files = new Map<string, File>()
  readonly #health = new Map<string, CameraHealth>()
  /** Faults of what runs here rather than at the desk. */
  readonly #faults = new Map<string, CameraFault>()
  /** Of the desk itself: no camera has pictures. */
  #deskFault: CameraFault | undefined
  #site: SiteFile | undefined
  #setups: ReadonlyMap<string, CameraSetup> = new Map()

  constructor(options: CameraSourcesOptions) {
    this.#o = options
    this.#open.add(
      options.desk.subscribe((event) => {
        if (event.type === 'health') this.note(event.cameras)
        if (event.type === 'failed') this.#deskFault = { code: 'camera.workerFailed', detail: '' }
      }),
    )
    this.#open.add(options.clock.every(healthPeriodMs, () => this.#report()))
    this.#open.add(() => {
      for (const running of this.#running.values()) running.media?.dispose()
    })
  }

  /** The site file is there, or another one. Cameras that it leaves as they were run on. */
  enter(site: SiteFile): void {
    if (site.id !== this.#site?.id) this.#files.clear()
    this.#site = site
    this.#apply()
  }

  /** The site's time, for stamping. */
  clock(clock: ClockMessage): void {
    this.#o.desk.send({ type: 'clock', clock })
  }

  /** A JPEG came over MQTT. One on its way while the camera was given another topic is of no use any more. */
  jpeg(cameraId: string, topic: string, jpeg: Uint8Array): void {
    if (topic !== this.#topicOf(cameraId)) return
    // Bytes of a shared buffer cannot be moved; the wire never gives any.
    const bytes = jpeg as Uint8Array<ArrayBuffer>
    this.#o.desk.send({ type: 'picture', cameraId, picture: { kind: 'encoded', bytes } })
  }

  /** How sources that others run fare. */
  note(health: readonly CameraHealth[]): void {
    // What was said of a source before it was closed may come after that.
    for (const one of health) if (this.#running.get(one.cameraId)?.address) this.#health.set(one.cameraId, one)
  }

  setups(): ReadonlyMap<string, CameraSetup> {
    return this.#setups
  }

  onSetups(listener: () => void): () => void {
    return this.#changed.subscribe(listener)
  }

  chooseSource(cameraId: string, address: string | undefined): void {
    const site = this.#site
    if (!site) return
    this.#files.delete(cameraId)
    const { masks } = this.#o.memory.read(site.id, cameraId)
    this.#o.memory.write(site.id, cameraId, {
      ...(address !== undefined && { source: address }),
      ...(masks && { masks }),
    })
    this.#apply()
  }

  chooseFile(cameraId: string, file: File): void {
    // The same film again is a new handle on it: the old one may be gone for good.
    this.#stop(cameraId)
    this.#files.set(cameraId, file)
    this.#apply()
  }

  setMasks(cameraId: string, masks: readonly MaskPolygon[]): void {
    const site = this.#site
    if (!site) return
    const { source } = this.#o.memory.read(site.id, cameraId)
    this.#o.memory.write(site.id, cameraId, { ...(source !== undefined && { source }), masks })
    this.#apply()
    const { setup } = this.#running.get(cameraId) ?? {}
    if (setup) this.#o.desk.send({ type: 'masks', cameraId, masks: [...setup.siteMasks, ...setup.ownMasks] })
  }

  retry(cameraId: string): void {
    const running = this.#running.get(cameraId)
    if (running?.media) running.media.retry()
    else this.#o.desk.send({ type: 'retry', cameraId })
  }

  dispose(): void {
    this.#open.dispose()
  }

  /** Brings what runs in line with the site file and the choices. */
  #apply(): void {
    const site = this.#site
    if (!site) return
    for (const id of this.#running.keys()) if (!site.cameras.some((camera) => camera.id === id)) this.#stop(id)
    for (const camera of site.cameras) this.#start(site, camera)
    this.#tellOthers()
    this.#setups = new Map([...this.#running].map(([id, { setup }]) => [id, setup]))
    this.#changed.emit()
  }

  #start(site: SiteFile, camera: Camera): void {
    const choice = this.#o.memory.read(site.id, camera.id)
    const file = this.#files.get(camera.id)
    const text = file ? 'file:' : (choice.source ?? camera.source)
    const parsed = parseCameraAddress(text)
    const address = parsed.ok ? parsed.value : undefined
    const setup: CameraSetup = {
      kind: address?.kind,
      shown: file ? `file: ${file.name}` : shownCameraAddress(text),
      chosenHere: file !== undefined || choice.source !== undefined,
      siteShown: shownCameraAddress(camera.source),
      siteMasks: camera.masks ?? [],
      ownMasks: choice.masks ?? [],
    }
    const { lens, fps, masks } = camera
    const key = JSON.stringify([site.id, text, file && [file.name, file.size, file.lastModified], lens, fps, masks])
    const before = this.#running.get(camera.id)
    if (before?.key === key) {
      this.#running.set(camera.id, { ...before, camera, setup })
      return
    }
    this.#stop(camera.id)
    const fault = startFault(parsed.ok ? undefined : parsed.error, address?.kind, this.#o.drawVirtual !== undefined)
    if (fault) this.#faults.set(camera.id, fault)
    const follow = fault ? undefined : address
    if (follow) this.#place(camera, setup, feedOf(follow))
    const media = follow && isMedia(follow) ? this.#openMedia(camera, follow, file) : undefined
    this.#running.set(camera.id, { camera, address: follow, setup, key, media })
  }

  #place(camera: Camera, setup: CameraSetup, feed: DeskFeed): void {
    const { widthPx, heightPx } = camera.lens
    const masks = [...setup.siteMasks, ...setup.ownMasks]
    this.#o.desk.send({
      type: 'camera',
      camera: { cameraId: camera.id, widthPx, heightPx, fps: camera.fps, masks, feed },
    })
  }

  #openMedia(camera: Camera, address: MediaAddress, file: File | undefined): SupervisedSource<RawPicture> {
    return new SupervisedSource<RawPicture>({
      clock: this.#o.clock,
      random: this.#o.random,
      source: this.#o.mediaSource(address, camera, file),
      stallMs: Math.max(mediaStallMs, 10_000 / camera.fps),
      release: releasePicture,
      onPicture: (picture) => this.#o.desk.send({ type: 'picture', cameraId: camera.id, picture }),
      onFault: (fault) => {
        if (fault) this.#faults.set(camera.id, fault)
        else this.#faults.delete(camera.id)
        this.#report()
      },
    })
  }

  #stop(cameraId: string): void {
    const running = this.#running.get(cameraId)
    if (!running) return
    running.media?.dispose()
    this.#running.delete(cameraId)
    this.#faults.delete(cameraId)
    this.#health.delete(cameraId)
    this.#o.desk.send({ type: 'remove', cameraId })
  }

  /** The workers beyond the desk: who draws, and on which topics pictures come. */
  #tellOthers(): void {
    const running = [...this.#running].map(([cameraId, { address }]) => ({ cameraId, address }))
    this.#o.drawVirtual?.(running.flatMap(({ cameraId, address }) => (address?.kind === 'virtual' ? [cameraId] : [])))
    this.#o.bus.followCameras(
      running.flatMap(({ cameraId }) => {
        const topic = this.#topicOf(cameraId)
        return topic === undefined ? [] : [{ cameraId, topic }]
      }),
    )
  }

  #topicOf(cameraId: string): string | undefined {
    const address = this.#running.get(cameraId)?.address
    if (!this.#site || address?.kind !== 'mqtt') return undefined
    return address.topic ?? siteTopics(this.#site.id).cameraFrame(cameraId)
  }

  #report(): void {
    if (this.#running.size === 0) return
    this.#o.onHealth(
      [...this.#running.keys()].map((cameraId) => {
        const health = this.#health.get(cameraId) ?? unheard(cameraId)
        const fault = this.#deskFault ?? this.#faults.get(cameraId) ?? health.fault
        return fault ? { ...health, fault } : health
      }),
    )
  }
}

function unheard(cameraId: string): CameraHealth {
  return { cameraId, fps: 0, width: 0, height: 0, lastFrameAtMs: Number.NaN, framesTotal: 0, framesDropped: 0 }
}

function startFault(
  problem: string | undefined,
  kind: CameraKind | undefined,
  simulated: boolean,
): CameraFault | undefined {
  if (problem !== undefined) return { code: 'camera.badAddress', detail: problem }
  if (kind === 'virtual' && !simulated) return { code: 'camera.noWorld', detail: '' }
  return undefined
}

function feedOf(address: CameraAddress): DeskFeed {
  switch (address.kind) {
    case 'virtual':
      return { kind: 'virtual' }
    case 'mqtt':
      return { kind: 'pushed' }
    case 'mjpeg':
    case 'snapshot': {
      const { kind, url, authorization } = address
      return { kind, url, ...(authorization !== undefined && { authorization }) }
    }
    default:
      return { kind: 'drawn' }
  }
}

function isMedia(address: CameraAddress): address is MediaAddress {
  return feedOf(address).kind === 'drawn'
}
