import type { CameraFrame, CameraHealth } from '../../contract/camera.ts'
import type { SimWorldMessage } from '../../contract/sim-world.ts'
import type { Clock } from '../../platform/clock.ts'
import { Disposables } from '../../platform/disposables.ts'
import { exhaustive } from '../../platform/result.ts'
import type { Camera, SiteFile } from '../../site/schema.ts'
import { createStage, createVirtualCamera, type SiteStage, type VirtualCamera } from './virtual-camera.ts'

export type VirtualCameraCommand =
  /** The park and its cameras; those whose source is `virtual:` are drawn. Replaces an earlier one. */
  | { readonly type: 'site'; readonly site: SiteFile; readonly seed?: number }
  /** `SimWorldMessage`s arrive on this port, straight from the worker that receives them. */
  | { readonly type: 'connectWorld'; readonly port: MessagePort }
  /** `CameraFrame`s leave by this port, straight to the worker that looks at them. */
  | { readonly type: 'connectFrames'; readonly port: MessagePort }
  | { readonly type: 'world'; readonly world: SimWorldMessage }
  /** Cameras somebody watches: their frames also come as `picture` events. */
  | { readonly type: 'watch'; readonly cameraIds: readonly string[] }

export type VirtualCameraEvent =
  | { readonly type: 'picture'; readonly frame: CameraFrame }
  | { readonly type: 'health'; readonly cameras: readonly CameraHealth[] }

export interface VirtualCameraHostOptions {
  readonly clock: Clock
  readonly post: (event: VirtualCameraEvent, transfer: Transferable[]) => void
}

interface Post {
  readonly camera: Camera
  view: VirtualCamera | undefined
  dueMs: number
  drawnAtMs: number
  frameId: number
  dropped: number
  sinceReport: number
}

const healthPeriodMs = 1000
/** A simulated park speaks several times a second; so long a silence is a fault. */
const stallMs = 5000

/** Draws each virtual camera at its own rate, one at a time, always of the newest world. */
export class VirtualCameraHost {
  readonly #options: VirtualCameraHostOptions
  readonly #disposables = new Disposables()
  #posts: Post[] = []
  #site: SiteFile | undefined
  #stage: SiteStage | undefined
  #seed = 1
  #world: SimWorldMessage | undefined
  #heardMs = Number.NEGATIVE_INFINITY
  #reportedMs = 0
  #frames: MessagePort | undefined
  #watched: ReadonlySet<string> = new Set()
  #cancelTurn = () => {}

  constructor(options: VirtualCameraHostOptions) {
    this.#options = options
    this.#disposables.add(() => this.#cancelTurn())
    this.#disposables.add(options.clock.every(healthPeriodMs, () => this.#report()))
    this.#reportedMs = options.clock.monotonicMs()
  }

  handle(command: VirtualCameraCommand): void {
    switch (command.type) {
      case 'site':
        return this.#open(command.site, command.seed ?? 1)
      case 'connectWorld':
        command.port.onmessage = ({ data }: MessageEvent<SimWorldMessage>) => this.#hear(data)
        this.#disposables.add(() => command.port.close())
        return
      case 'connectFrames':
        this.#frames = command.port
        this.#disposables.add(() => command.port.close())
        return
      case 'world':
        return this.#hear(command.world)
      case 'watch':
        this.#watched = new Set(command.cameraIds)
        return
      default:
        return exhaustive(command)
    }
  }

  dispose(): void {
    this.#disposables.dispose()
    this.#posts = []
  }

  #open(site: SiteFile, seed: number): void {
    this.#site = site
    this.#seed = seed
    this.#stage = undefined
    this.#world = undefined
    const nowMs = this.#options.clock.monotonicMs()
    const drawn = site.cameras.filter((camera) => camera.source.startsWith('virtual:'))
    // Evenly apart in time, so that no two fall due together.
    this.#posts = drawn.map((camera, i) => ({
      camera,
      view: undefined,
      dueMs: nowMs + (i / Math.max(1, drawn.length)) * (1000 / camera.fps),
      drawnAtMs: Number.NaN,
      frameId: 0,
      dropped: 0,
      sinceReport: 0,
    }))
  }

  #hear(world: SimWorldMessage): void {
    const first = this.#world === undefined
    this.#world = world
    this.#heardMs = this.#options.clock.monotonicMs()
    if (first) this.#schedule()
  }

  #schedule(): void {
    this.#cancelTurn()
    const { clock } = this.#options
    if (this.#disposables.disposed || this.#posts.length === 0 || !this.#world) return
    const dueMs = Math.min(...this.#posts.map((post) => post.dueMs))
    this.#cancelTurn = clock.after(Math.max(0, dueMs - clock.monotonicMs()), () => this.#turn())
  }

  /** Draws the camera that has waited longest; the event loop runs between two pictures. */
  #turn(): void {
    const nowMs = this.#options.clock.monotonicMs()
    const post = this.#posts.reduce((a, b) => (b.dueMs < a.dueMs ? b : a))
    const periodMs = 1000 / post.camera.fps
    if (this.#world && post.dueMs <= nowMs + 0.5) {
      if (this.#world.at !== post.drawnAtMs) this.#draw(post, this.#world)
      const late = Math.max(0, Math.floor((nowMs - post.dueMs) / periodMs))
      post.dropped += late
      post.dueMs += (late + 1) * periodMs
    }
    this.#schedule()
  }

  #draw(post: Post, world: SimWorldMessage): void {
    if (!this.#site) return
    this.#stage ??= createStage(this.#site)
    post.view ??= createVirtualCamera({ site: this.#site, camera: post.camera, stage: this.#stage, seed: this.#seed })
    const picture = post.view.render(world)
    post.drawnAtMs = world.at
    post.sinceReport++
    const frameId = ++post.frameId
    const frame = (): CameraFrame => ({
      cameraId: post.camera.id,
      frameId,
      capturedAtMs: world.at,
      width: picture.width,
      height: picture.height,
      rgba: picture.rgba.slice().buffer,
    })
    if (this.#frames) {
      const sent = frame()
      this.#frames.postMessage(sent, [sent.rgba])
    }
    if (this.#watched.has(post.camera.id)) {
      const shown = frame()
      this.#options.post({ type: 'picture', frame: shown }, [shown.rgba])
    }
  }

  #report(): void {
    if (this.#posts.length === 0) return
    const nowMs = this.#options.clock.monotonicMs()
    const seconds = Math.max(0.001, (nowMs - this.#reportedMs) / 1000)
    this.#reportedMs = nowMs
    const stalled = nowMs - this.#heardMs > stallMs
    const cameras = this.#posts.map((post): CameraHealth => {
      const fps = post.sinceReport / seconds
      post.sinceReport = 0
      return {
        cameraId: post.camera.id,
        fps,
        width: post.camera.lens.widthPx,
        height: post.camera.lens.heightPx,
        lastFrameAtMs: post.drawnAtMs,
        framesTotal: post.frameId,
        framesDropped: post.dropped,
        ...(stalled && { fault: 'stalled' }),
      }
    })
    this.#options.post({ type: 'health', cameras }, [])
  }
}
