import { Frustum, Matrix4, type PerspectiveCamera, Sphere, Vector3 } from 'three'
import { type SitePoint, siteFromThree, threeFromSite } from './frames.ts'
import {
  blendFraming,
  blendInsets,
  frameFor,
  frameThrough,
  type Insets,
  type Lens,
  type SceneCover,
  sameInsets,
  uncovered,
} from './framing.ts'
import { eyeOf, type View } from './orbit-rig.ts'
import type { Ray } from './picking.ts'
import type { Eye } from './stage-layer.ts'

export interface ScreenPoint {
  x: number
  y: number
}

/** Aims three's camera by a view, keeps the middle free of panels, and converts between screen and site. */
export class SceneEye implements Eye {
  eastM = 0
  northM = 0
  upM = 0
  pxPerRad = 1
  readonly #camera: PerspectiveCamera
  readonly #farthestM: number
  readonly #scratch = new Vector3()
  readonly #clip = new Matrix4()
  readonly #frustum = new Frustum()
  readonly #sphere = new Sphere()
  #unframed = true
  #size = { width: 1, height: 1 }
  #cover: SceneCover = uncovered
  #insets: Insets | undefined
  #view: View | undefined
  #relaid = true
  #lens: Lens | undefined
  /** 0 the scene's own lens … 1 that of the camera looked through. */
  #lensShare = 0
  #lensWanted = 0

  constructor(camera: PerspectiveCamera, farthestM: number) {
    this.#camera = camera
    this.#farthestM = farthestM
    camera.matrixAutoUpdate = false
    // Its place is written here alone, the view's inverse included; the renderer need not look again.
    camera.matrixWorldAutoUpdate = false
  }

  get size(): { readonly width: number; readonly height: number } {
    return this.#size
  }

  get covered(): SceneCover['areas'] {
    return this.#cover.areas
  }

  resize(width: number, height: number): void {
    this.#size = { width: Math.max(1, width), height: Math.max(1, height) }
    this.#relaid = true
  }

  /** Panels came, went or grew. The middle glides there, or jumps where motion is not wanted. */
  setCover(cover: SceneCover, jump: boolean): void {
    this.#cover = cover
    if (this.#insets === undefined || jump) this.#insets = cover.insets
    this.#relaid = true
  }

  /** Takes over the lens of a camera, so that its picture fits over the twin; undefined gives the own one back. */
  setLens(lens: Lens | undefined, jump: boolean): void {
    if (lens) this.#lens = lens
    this.#lensWanted = lens ? 1 : 0
    if (jump) this.#lensShare = this.#lensWanted
    this.#relaid = true
  }

  /** Moves the middle on to where the panels leave it; true while it is under way. */
  step(dtMs: number): boolean {
    const focusing = this.#stepLens(dtMs)
    const now = this.#insets
    if (!now || sameInsets(now, this.#cover.insets)) return focusing
    this.#insets = blendInsets(now, this.#cover.insets, 1 - Math.exp(-dtMs / 60))
    this.#relaid = true
    return true
  }

  #stepLens(dtMs: number): boolean {
    if (this.#lensShare === this.#lensWanted) return false
    const towards = Math.sign(this.#lensWanted - this.#lensShare)
    this.#lensShare = Math.max(0, Math.min(1, this.#lensShare + (towards * dtMs) / 900))
    this.#relaid = true
    return true
  }

  /** Returns true when the camera stands or frames differently from before. */
  aim(view: View): boolean {
    if (view === this.#view && !this.#relaid) return false
    this.#view = view
    const camera = this.#camera
    const near = Math.max(0.8, view.distanceM * 0.02)
    const far = view.distanceM + this.#farthestM * 3
    if (this.#relaid || near !== camera.near || far !== camera.far) this.#project(near, far)
    this.#relaid = false
    const [eastM, northM, upM] = eyeOf(view)
    this.eastM = eastM
    this.northM = northM
    this.upM = upM
    threeFromSite(eastM, northM, upM, camera.position)
    const [x, y, z] = view.target
    threeFromSite(x, y, z, this.#scratch)
    // Straight to the matrices: nobody asks the camera for its quaternion.
    camera.matrix.lookAt(camera.position, this.#scratch, camera.up).setPosition(camera.position)
    camera.matrixWorld.copy(camera.matrix)
    camera.matrixWorldInverse.copy(camera.matrix).invert()
    this.#clip.multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse)
    this.#unframed = true
    return true
  }

  /** Most moves turn or shift the eye only, and leave the lens. */
  #project(near: number, far: number): void {
    const camera = this.#camera
    const { width, height } = this.#size
    const insets = this.#insets ?? uncovered.insets
    const own = frameFor(width, height, insets)
    const through = this.#lens && this.#lensShare > 0 ? frameThrough(width, height, insets, this.#lens) : own
    const { fovDeg, shift } = blendFraming(own, through, this.#lensShare)
    this.pxPerRad = height / (2 * Math.tan((fovDeg * Math.PI) / 360))
    camera.fov = fovDeg
    camera.aspect = width / height
    camera.near = near
    camera.far = far
    // Reckons the projection as well.
    camera.setViewOffset(width, height, -shift[0], -shift[1], width, height)
  }

  sees(eastM: number, northM: number, upM: number, radiusM: number): boolean {
    // Asked in few frames only.
    if (this.#unframed) this.#frustum.setFromProjectionMatrix(this.#clip)
    this.#unframed = false
    threeFromSite(eastM, northM, upM, this.#sphere.center)
    this.#sphere.radius = radiusM
    return this.#frustum.intersectsSphere(this.#sphere)
  }

  /** Metres on the ground that one CSS pixel covers at the target. */
  get metresPerPx(): number {
    return (this.#view?.distanceM ?? 1) / this.pxPerRad
  }

  /** Place on the screen in CSS pixels; false behind the eye. */
  project(at: SitePoint, into: ScreenPoint): boolean {
    const e = this.#clip.elements
    const x = at[0]
    const y = at[2]
    const z = -at[1]
    const w = (e[3] as number) * x + (e[7] as number) * y + (e[11] as number) * z + (e[15] as number)
    if (w <= 0) return false
    const px = (e[0] as number) * x + (e[4] as number) * y + (e[8] as number) * z + (e[12] as number)
    const py = (e[1] as number) * x + (e[5] as number) * y + (e[9] as number) * z + (e[13] as number)
    into.x = ((px / w + 1) / 2) * this.#size.width
    into.y = ((1 - py / w) / 2) * this.#size.height
    return true
  }

  /** Ray through a place on the canvas (CSS pixels), in the site's frame. */
  rayAt(x: number, y: number): Ray {
    const camera = this.#camera
    this.#scratch
      .set((x / this.#size.width) * 2 - 1, 1 - (y / this.#size.height) * 2, 0.5)
      .unproject(camera)
      .sub(camera.position)
    return { origin: siteFromThree(camera.position), direction: siteFromThree(this.#scratch.normalize()) }
  }

  groundAt(x: number, y: number): SitePoint | undefined {
    const { origin, direction } = this.rayAt(x, y)
    const t = -origin[2] / direction[2]
    return t > 0 && Number.isFinite(t) ? [origin[0] + direction[0] * t, origin[1] + direction[1] * t, 0] : undefined
  }
}
