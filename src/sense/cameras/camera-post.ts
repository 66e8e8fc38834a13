import type { CameraFault, CameraFrame, CameraHealth, MaskPolygon } from '../../contract/camera.ts'
import type { Clock } from '../../platform/clock.ts'
import { Disposables } from '../../platform/disposables.ts'
import { LatestWins } from '../../platform/latest-wins.ts'
import type { PictureSize } from '../../platform/picture-header.ts'
import type { Result } from '../../platform/result.ts'
import { blackOut, type MaskRuns, maskRuns } from '../../site/camera-mask.ts'
import type { DeskCamera } from './desk-protocol.ts'
import { type RawPicture, releasePicture } from './raw-picture.ts'

export interface DecodedPicture extends PictureSize {
  readonly rgba: ArrayBuffer
  /** Before it was shrunk. */
  readonly from: PictureSize
}

/** Turns a picture into pixels of at most this size. Owns `raw` and gives it back in every case. */
export type DecodePicture = (raw: RawPicture, most: PictureSize) => Promise<Result<DecodedPicture, CameraFault>>

export interface CameraPostOptions {
  readonly clock: Clock
  readonly decode: DecodePicture
  /** A finished, masked frame; its buffer belongs to the receiver. */
  readonly onFrame: (frame: CameraFrame) => void
  /** So many pictures in a row could not be decoded that connecting anew may help. */
  readonly onHopeless: (fault: CameraFault) => void
}

interface Waiting {
  readonly raw: RawPicture
  readonly capturedAtMs: number
}

/** Early by a little is on time: sources keep their rate only roughly. */
const rateSlack = 0.7
/** A corrupt picture stays on the card for as long, so that a person can notice it. */
const corruptShownMs = 3000
const hopelessInARow = 10

/** One camera at the desk: rate, latest-wins, decoding, masking, and how it fares. */
export class CameraPost {
  readonly camera: DeskCamera
  readonly #o: CameraPostOptions
  readonly #open = new Disposables()
  readonly #pipe: LatestWins<Waiting>
  #masks: readonly MaskPolygon[]
  #runs: { readonly width: number; readonly height: number; readonly runs: MaskRuns } | undefined
  #acceptedMs = Number.NEGATIVE_INFINITY
  #frameId = 0
  #size: PictureSize = { width: 0, height: 0 }
  #lastFrameAtMs = Number.NaN
  #sinceReport = 0
  /** Since the last report with a frame. */
  #reportS = 0
  #fps = 0
  #undecodable = 0
  #inARow = 0
  #decodeFault: { readonly fault: CameraFault; readonly atMs: number } | undefined
  /** What is wrong with the connection. */
  sourceFault: CameraFault | undefined

  constructor(camera: DeskCamera, options: CameraPostOptions) {
    this.camera = camera
    this.#o = options
    this.#masks = camera.masks
    this.#pipe = new LatestWins(
      (waiting) => this.#work(waiting),
      ({ raw }) => releasePicture(raw),
      // Out of memory, for one. It costs this picture and not the camera.
      (error) => this.#failed({ code: 'camera.corruptFrame', detail: String(error).slice(0, 120) }),
    )
    this.#open.add(() => this.#pipe.close())
  }

  get masks(): readonly MaskPolygon[] {
    return this.#masks
  }

  set masks(masks: readonly MaskPolygon[]) {
    this.#masks = masks
    this.#runs = undefined
  }

  /** What ends with this camera. */
  own(open: { dispose(): void }): void {
    this.#open.add(open)
  }

  /** `capturedAtMs`: site time of exposure. */
  offer(raw: RawPicture, capturedAtMs: number): void {
    const nowMs = this.#o.clock.monotonicMs()
    if (nowMs - this.#acceptedMs < (rateSlack * 1000) / this.camera.fps) return releasePicture(raw)
    this.#acceptedMs = nowMs
    this.#pipe.offer({ raw, capturedAtMs })
  }

  /** A finished frame of another maker: it is masked and handed on. */
  pass(frame: CameraFrame): void {
    this.mask(frame)
    this.#o.onFrame(frame)
  }

  /** Paints what nobody may see. */
  mask({ rgba, width, height }: Pick<CameraFrame, 'rgba' | 'width' | 'height'>): void {
    if (this.#runs?.width !== width || this.#runs.height !== height)
      this.#runs = { width, height, runs: maskRuns(this.#masks, width, height) }
    blackOut(rgba, this.#runs.runs)
  }

  health(seconds: number): CameraHealth {
    const rate = this.#rate(seconds)
    const fault = this.sourceFault ?? this.#decodeFault?.fault
    return {
      cameraId: this.camera.cameraId,
      fps: this.sourceFault ? 0 : rate,
      ...this.#size,
      lastFrameAtMs: this.#lastFrameAtMs,
      framesTotal: this.#frameId,
      framesDropped: this.#pipe.droppedCount + this.#undecodable,
      ...(fault && { fault }),
    }
  }

  /** Of a camera slower than its reports this is the rate from frame to frame, and no more than its silence allows. */
  #rate(seconds: number): number {
    this.#reportS += seconds
    if (this.#sinceReport === 0) return Math.min(this.#fps, 1 / this.#reportS)
    this.#fps = this.#sinceReport / this.#reportS
    this.#sinceReport = 0
    this.#reportS = 0
    return this.#fps
  }

  dispose(): void {
    this.#open.dispose()
  }

  async #work({ raw, capturedAtMs }: Waiting): Promise<void> {
    const { cameraId, widthPx, heightPx } = this.camera
    const decoded = await this.#o.decode(raw, { width: widthPx, height: heightPx })
    if (this.#open.disposed) return
    if (!decoded.ok) return this.#failed(decoded.error)
    this.#inARow = 0
    const nowMs = this.#o.clock.monotonicMs()
    if (this.#decodeFault && nowMs - this.#decodeFault.atMs > corruptShownMs) this.#decodeFault = undefined
    const { width, height, rgba, from } = decoded.value
    const frame: CameraFrame = { cameraId, frameId: ++this.#frameId, capturedAtMs, width, height, rgba }
    this.#size = from
    this.#lastFrameAtMs = capturedAtMs
    this.#sinceReport++
    this.pass(frame)
  }

  #failed(fault: CameraFault): void {
    this.#undecodable++
    this.#decodeFault = { fault, atMs: this.#o.clock.monotonicMs() }
    if (++this.#inARow < hopelessInARow) return
    this.#inARow = 0
    this.#o.onHopeless(fault)
  }
}
