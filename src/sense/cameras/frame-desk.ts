import type { CameraFrame } from '../../contract/camera.ts'
import type { ExportFormat } from '../../contract/camera-port.ts'
import type { Clock } from '../../platform/clock.ts'
import { Disposables } from '../../platform/disposables.ts'
import { exhaustive } from '../../platform/result.ts'
import { SiteClock } from '../../site/site-clock.ts'
import { CameraPost, type DecodePicture } from './camera-post.ts'
import type { DeskCamera, DeskCommand, DeskEvent } from './desk-protocol.ts'
import type { HttpPlace } from './http-request.ts'
import { mjpegSource } from './mjpeg-source.ts'
import { PushedSource } from './pushed-source.ts'
import { type RawPicture, releasePicture } from './raw-picture.ts'
import { redact } from './redact.ts'
import { snapshotSource } from './snapshot-source.ts'
import { SupervisedSource } from './supervised-source.ts'

export interface FrameDeskOptions {
  readonly clock: Clock
  readonly random: () => number
  readonly place: HttpPlace
  readonly decode: DecodePicture
  /** A picture for people, from the pixels of a frame. */
  readonly bitmapOf: (frame: CameraFrame) => Promise<ImageBitmap>
  /** A file of the picture with a line of text under it; undefined when the browser cannot. */
  readonly encode: (frame: CameraFrame, caption: string, format: ExportFormat) => Promise<Blob | undefined>
  readonly post: (event: DeskEvent, transfer: Transferable[]) => void
}

interface Place {
  readonly post: CameraPost
  readonly source: SupervisedSource<RawPicture> | undefined
  readonly push: ((raw: RawPicture) => void) | undefined
}

const healthPeriodMs = 1000
const leastStallMs = 6000
/** A source that delivers this much slower than it should is still no stall. */
const stallPeriods = 10

/**
 * Where pictures of all sources become frames: decoded, shrunk to the lens, masked, stamped with site time; the newest
 * of each camera goes to inference, and to people who watch. Nothing leaves here unmasked.
 */
export class FrameDesk {
  readonly #o: FrameDeskOptions
  readonly #disposables = new Disposables()
  readonly #places = new Map<string, Place>()
  readonly #siteClock: SiteClock
  /** The newest frame of each watched camera, for people and for export. */
  readonly #kept = new Map<string, CameraFrame>()
  #watched: ReadonlySet<string> = new Set()
  #inference: MessagePort | undefined
  #reportedMs: number

  constructor(options: FrameDeskOptions) {
    this.#o = options
    this.#siteClock = new SiteClock(options.clock)
    this.#reportedMs = options.clock.monotonicMs()
    this.#disposables.add(options.clock.every(healthPeriodMs, () => this.#report()))
  }

  handle(command: DeskCommand): void {
    switch (command.type) {
      case 'camera':
        return this.#open(command.camera)
      case 'remove':
        return this.#remove(command.cameraId)
      case 'masks':
        return this.#mask(command.cameraId, command.masks)
      case 'retry':
        return this.#places.get(command.cameraId)?.source?.retry()
      case 'picture':
        return this.#push(command.cameraId, command.picture)
      case 'clock':
        this.#siteClock.apply(command.clock)
        return
      case 'watch':
        return this.#watch(new Set(command.cameraIds))
      case 'connectVirtual':
        command.port.onmessage = ({ data }: MessageEvent<CameraFrame>) => this.#virtual(data)
        this.#disposables.add(() => command.port.close())
        return
      case 'connectInference':
        this.#inference = command.port
        this.#disposables.add(() => command.port.close())
        return
      case 'encode':
        void this.#encode(command)
        return
      case 'take':
        return this.#take(command.requestId, command.cameraId)
      default:
        return exhaustive(command)
    }
  }

  dispose(): void {
    for (const id of [...this.#places.keys()]) this.#remove(id)
    this.#disposables.dispose()
  }

  #open(camera: DeskCamera): void {
    this.#remove(camera.cameraId)
    const post = new CameraPost(camera, {
      clock: this.#o.clock,
      decode: this.#o.decode,
      onFrame: (frame) => this.#frame(frame),
      onHopeless: (fault) => source?.fail(fault),
    })
    const pushed = camera.feed.kind === 'pushed' ? new PushedSource<RawPicture>(releasePicture) : undefined
    const connects = pushed ?? this.#sourceOf(camera)
    const source =
      connects &&
      new SupervisedSource<RawPicture>({
        clock: this.#o.clock,
        random: this.#o.random,
        source: connects,
        pushed: pushed !== undefined,
        stallMs: Math.max(leastStallMs, (stallPeriods * 1000) / camera.fps),
        onPicture: (raw) => post.offer(raw, this.#exposedAtMs(raw)),
        release: releasePicture,
        onFault: (fault) => {
          post.sourceFault = fault
        },
      })
    if (source) post.own(source)
    this.#places.set(camera.cameraId, { post, source, push: pushed && ((raw) => pushed.push(raw)) })
  }

  #sourceOf({ feed, fps }: DeskCamera) {
    switch (feed.kind) {
      case 'mjpeg':
        return mjpegSource(this.#o.place, feed)
      case 'snapshot':
        return snapshotSource(this.#o.place, feed, this.#o.clock, 1000 / fps)
      case 'virtual':
      case 'pushed':
      case 'drawn':
        return undefined
      default:
        return exhaustive(feed)
    }
  }

  #remove(cameraId: string): void {
    this.#places.get(cameraId)?.post.dispose()
    this.#places.delete(cameraId)
    this.#kept.delete(cameraId)
  }

  #mask(cameraId: string, masks: DeskCamera['masks']): void {
    const post = this.#places.get(cameraId)?.post
    if (post) post.masks = masks
    const kept = this.#kept.get(cameraId)
    if (!kept) return
    post?.mask(kept)
    // What people see may be all that comes for a long time.
    void this.#show(kept)
  }

  #push(cameraId: string, raw: RawPicture): void {
    const place = this.#places.get(cameraId)
    if (place?.push) place.push(raw)
    else if (place?.post.camera.feed.kind === 'drawn') place.post.offer(raw, this.#exposedAtMs(raw))
    else releasePicture(raw)
  }

  #exposedAtMs(raw: RawPicture): number {
    const ageMs = raw.kind === 'drawn' ? (raw.ageMs ?? 0) : 0
    return this.#siteClock.nowMs() - ageMs * this.#siteClock.speed
  }

  /** A frame of a camera that is not known here, or now has another source, has no mask to go by: nobody sees it. */
  #virtual(frame: CameraFrame): void {
    const post = this.#places.get(frame.cameraId)?.post
    if (post?.camera.feed.kind === 'virtual') post.pass(frame)
  }

  #frame(frame: CameraFrame): void {
    const shown = this.#watched.has(frame.cameraId) ? { ...frame, rgba: frame.rgba.slice(0) } : undefined
    this.#inference?.postMessage(frame, [frame.rgba])
    if (!shown) return
    this.#kept.set(frame.cameraId, shown)
    void this.#show(shown)
  }

  async #show(frame: CameraFrame): Promise<void> {
    const post = this.#places.get(frame.cameraId)?.post
    const masks = post?.masks
    const bitmap = await this.#o.bitmapOf(frame).catch(() => undefined)
    if (!bitmap) return
    // Where the source or a mask changed meanwhile, people wait for the next picture.
    const now = this.#places.get(frame.cameraId)?.post
    if (now !== post || now?.masks !== masks) return bitmap.close()
    const { cameraId, capturedAtMs } = frame
    this.#o.post({ type: 'picture', cameraId, bitmap, capturedAtMs }, [bitmap])
  }

  /** Somebody who begins to watch gets the next frame; what nobody watches is not kept. */
  #watch(watched: ReadonlySet<string>): void {
    this.#watched = watched
    for (const id of [...this.#kept.keys()]) if (!watched.has(id)) this.#kept.delete(id)
  }

  #take(requestId: number, cameraId: string): void {
    const kept = this.#kept.get(cameraId)
    const frame = kept && { ...kept, rgba: kept.rgba.slice(0) }
    this.#o.post({ type: 'taken', requestId, frame }, frame ? [frame.rgba] : [])
  }

  async #encode({
    requestId,
    frame,
    regions,
    caption,
    format,
  }: Extract<DeskCommand, { type: 'encode' }>): Promise<void> {
    const post = this.#places.get(frame.cameraId)?.post
    // Masks may have been drawn since the frame was taken, and what is blurred across one's edge must not be drawn into it.
    post?.mask(frame)
    redact(new Uint8ClampedArray(frame.rgba), frame.width, regions)
    post?.mask(frame)
    // Whoever asked is answered in every case.
    const blob = await this.#o.encode(frame, caption, format).catch(() => undefined)
    this.#o.post({ type: 'encoded', requestId, blob }, [])
  }

  #report(): void {
    const nowMs = this.#o.clock.monotonicMs()
    const seconds = Math.max(0.001, (nowMs - this.#reportedMs) / 1000)
    this.#reportedMs = nowMs
    const real = [...this.#places.values()].filter(({ post }) => post.camera.feed.kind !== 'virtual')
    if (real.length === 0) return
    this.#o.post({ type: 'health', cameras: real.map(({ post }) => post.health(seconds)) }, [])
  }
}
