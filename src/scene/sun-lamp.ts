import { DirectionalLight, Group, HemisphereLight, Vector3 } from 'three'
import type { Daylight } from './daylight.ts'
import type { Board } from './kit/architecture-ground.ts'

/** The sun (or moon) and the sky as three's lights, in the site's frame. Used from the `low` tier up. */
export class SunLamp {
  readonly object = new Group()
  readonly #key = new DirectionalLight()
  readonly #sky = new HemisphereLight()
  readonly #centre: Vector3
  readonly #radius: number

  constructor(board: Board, shadowMapPx: number) {
    this.#centre = new Vector3((board.west + board.east) / 2, (board.south + board.north) / 2, 0)
    this.#radius = Math.hypot(board.east - board.west, board.north - board.south) / 2
    this.#key.target.position.copy(this.#centre)
    this.object.add(this.#key, this.#key.target, this.#sky)
    if (shadowMapPx > 0) this.#cast(shadowMapPx)
    // A hemisphere light shines from its place towards the world's origin: up is +z in the site's frame.
    this.#sky.position.set(0, 0, 1)
  }

  #cast(mapPx: number): void {
    const r = this.#radius
    this.#key.castShadow = true
    this.#key.shadow.mapSize.set(mapPx, mapPx)
    const camera = this.#key.shadow.camera
    Object.assign(camera, { left: -r, right: r, top: r, bottom: -r, near: 1, far: r * 4 })
    camera.updateProjectionMatrix()
    // Roofs that the light only grazes would shade themselves within the blur's reach, which grows with the board.
    this.#key.shadow.normalBias = Math.max(0.12, (1.6 * 2 * r) / mapPx)
    this.#key.shadow.bias = -0.0004
    this.#key.shadow.radius = 2.2
  }

  apply(light: Daylight): void {
    this.#key.position
      .set(...light.key)
      .multiplyScalar(this.#radius * 2)
      .add(this.#centre)
    this.#key.color.setRGB(...light.keyColor)
    this.#key.intensity = light.keyGain
    this.#sky.color.setRGB(...light.sky)
    this.#sky.groundColor.setRGB(...light.bounce)
    this.#sky.intensity = light.ambientGain
  }

  dispose(): void {
    this.#key.dispose()
    this.#sky.dispose()
    this.object.removeFromParent()
  }
}
