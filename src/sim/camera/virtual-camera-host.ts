import type { CameraFault, CameraFrame, CameraHealth } from '../../contract/camera.ts'
import type { SimWorldMessage } from '../../contract/sim-world.ts'
import type { Clock } from '../../platform/clock.ts'
import { Disposables } from '../../platform/disposables.ts'
import { exhaustive } from '../../platform/result.ts'
import { blackOut, type MaskRuns, maskRuns } from '../../site/camera-mask.ts'
import type { Camera, SiteFile } from '../../site/schema.ts'
import { createStage, createVirtualCamera, type SiteStage, type VirtualCamera } from './virtual-camera.ts'

export type VirtualCameraCommand =
  /** The park and its cameras; those whose source is `virtual:` are drawn until `draw` says otherwise. Replaces an earlier one. */
  | { readonly type: 'site'; readonly site: SiteFile; readonly seed?: number }
  /** `SimWorldMessage`s arrive on this port, straight from the worker that receives them. */
  | { readonly type: 'connectWorld'; readonly port: MessagePort }
  /** `CameraFrame`s leave by this port, straight to the worker that looks at them. */
  | { readonly type: 'connectFrames'; readonly port: MessagePort }
  | { readonly type: 'world'; readonly world: SimWorldMessage }
  /** Which cameras are drawn from now on: a person may have given one another source, or none of its own. */
  | { readonly type: 'draw'; readonly cameraIds: readonly string[] }

export interface VirtualCameraEvent {
  readonly type: 'health'
  readonly cameras: readonly CameraHealth[]
}

export interface VirtualCameraHostOptions {
  readonly clock: Clock
  readonly post: (event: VirtualCameraEvent) => void
}

interface Post {
  readonly camera: Camera
  view: VirtualCamera | undefined
  runs?: MaskRuns
  dueMs: number
  drawnAtMs: number
  frameId: number
  dropped: number
  sinceReport: number
}

const healthPeriodMs = 1000
/** A simulated park speaks several times a second; so long a silence is a fault. */
const stallMs = 5000
const stalledWorld: CameraFault = { code: 'camera.stalled', detail: 'the simulated world is silent' }

/** Draws each virtual camera at its own rate, one at a time, always of the newest world. */
export class VirtualCameraHost {
  readonly #options: VirtualCameraHostOptions
  readonly #disposables = new Disposables()
  #posts: Post[] = []
  #site: SiteFile | undefined
  #stage: SiteStage | undefined
  #seed = 1
  #world: SimWorldMessage | undefined
  /** When the world was last heard, or when waiting for it began. */
  #heardMs: number
  #reportedMs = 0
  #frames: MessagePort | undefined
  #cancelTurn = () => {}

  constructor(options: VirtualCameraHostOptions) {
    this.#options = options
    this.#disposables.add(() => this.#cancelTurn())
    this.#disposables.add(options.clock.every(healthPeriodMs, () => this.#report()))
    this.#reportedMs = options.clock.monotonicMs()
    this.#heardMs = this.#reportedMs
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
      case 'draw':
        return this.#choose(new Set(command.cameraIds))
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
    this.#posts = []
    this.#choose(new Set(site.cameras.filter(({ source }) => source.startsWith('virtual:')).map(({ id }) => id)))
  }

  #choose(cameraIds: ReadonlySet<string>): void {
    const nowMs = this.#options.clock.monotonicMs()
    const drawn = this.#site?.cameras.filter(({ id }) => cameraIds.has(id)) ?? []
    // Evenly apart in time, so that no two fall due together.
    this.#posts = drawn.map(
      (camera, i) =>
        this.#posts.find((post) => post.camera.id === camera.id) ?? {
          camera,
          view: undefined,
          dueMs: nowMs + (i / Math.max(1, drawn.length)) * (1000 / camera.fps),
          drawnAtMs: Number.NaN,
          frameId: 0,
          dropped: 0,
          sinceReport: 0,
        },
    )
    this.#schedule()
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
    if (!this.#frames) return
    const { width, height } = picture
    const rgba = picture.rgba.slice().buffer
    post.runs ??= maskRuns(post.camera.masks ?? [], width, height)
    blackOut(rgba, post.runs)
    const frame: CameraFrame = { cameraId: post.camera.id, frameId, capturedAtMs: world.at, width, height, rgba }
    this.#frames.postMessage(frame, [rgba])
  }

  #report(): void {
    if (this.#posts.length === 0) return
    const nowMs = this.#options.clock.monotonicMs()
    const seconds = Math.max(0.001, (nowMs - this.#reportedMs) / 1000)
    // A report that comes late had a busy thread before it, where words of the world wait unheard: that is no silence.
    this.#heardMs += Math.max(0, nowMs - this.#reportedMs - healthPeriodMs)
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
        ...(stalled && { fault: stalledWorld }),
      }
    })
    this.#options.post({ type: 'health', cameras })
  }
}
