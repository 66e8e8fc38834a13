import { ClampToEdgeWrapping, DataTexture, DataUtils, HalfFloatType, LinearFilter, RedFormat, Vector4 } from 'three'
import type { Board } from './kit/architecture-ground.ts'
import type { Vec3 } from './kit/mesh.ts'

/** Light of a lamp no longer counts beyond this. */
const reachM = 24
/** A cell is about as wide as a footpath; more of them than this are not worth their memory. */
const [cellM, mostCells] = [0.7, 1024]

/** How a lamp `heightM` above the ground lights it at a distance, 1 right below: inverse square and slanting light. */
export function lampShare(distanceM: number, heightM: number): number {
  if (distanceM >= reachM) return 0
  const slant = 1 + (distanceM / heightM) ** 2
  return slant ** -1.5 * (1 - (distanceM / reachM) ** 2)
}

/**
 * The light of all lamps on the board as one small texture, reckoned anew when a lamp reports another level. Whatever
 * stands or walks in a pool of light is lit by it, at the price of one look.
 */
export class LampLight {
  readonly texture: DataTexture
  /** West, south, and one over width and height: from the site's metres to the texture. */
  readonly frame: Vector4
  readonly #board: Board
  readonly #columns: number
  readonly #rows: number
  readonly #light: Float32Array
  readonly #halves: Uint16Array

  constructor(board: Board) {
    this.#board = board
    const [width, height] = [board.east - board.west, board.north - board.south]
    this.#columns = Math.min(mostCells, Math.max(1, Math.ceil(width / cellM)))
    this.#rows = Math.min(mostCells, Math.max(1, Math.ceil(height / cellM)))
    this.#light = new Float32Array(this.#columns * this.#rows)
    this.#halves = new Uint16Array(this.#light.length)
    this.frame = new Vector4(board.west, board.south, 1 / width, 1 / height)
    this.texture = new DataTexture(this.#halves, this.#columns, this.#rows, RedFormat, HalfFloatType)
    this.texture.minFilter = LinearFilter
    this.texture.magFilter = LinearFilter
    this.texture.wrapS = ClampToEdgeWrapping
    this.texture.wrapT = ClampToEdgeWrapping
    this.texture.needsUpdate = true
  }

  /** Lamps at their places with their levels, 0 dark … 1 full. */
  write(lamps: readonly Vec3[], levels: ArrayLike<number>): void {
    this.#light.fill(0)
    for (const [i, lamp] of lamps.entries()) this.#add(lamp, levels[i] ?? 0)
    for (let i = 0; i < this.#light.length; i++) this.#halves[i] = DataUtils.toHalfFloat(this.#light[i] as number)
    this.texture.needsUpdate = true
  }

  #add([eastM, northM, upM]: Vec3, level: number): void {
    if (level <= 0) return
    const { west, east, south, north } = this.#board
    const [perX, perY] = [this.#columns / (east - west), this.#rows / (north - south)]
    const [x0, x1] = cellsFrom((eastM - west) * perX, reachM * perX, this.#columns)
    const [y0, y1] = cellsFrom((northM - south) * perY, reachM * perY, this.#rows)
    const heightM = Math.max(2, upM)
    for (let y = y0; y <= y1; y++) {
      const dy = south + (y + 0.5) / perY - northM
      for (let x = x0; x <= x1; x++) {
        const dx = west + (x + 0.5) / perX - eastM
        const at = y * this.#columns + x
        this.#light[at] = (this.#light[at] as number) + level * lampShare(Math.hypot(dx, dy), heightM)
      }
    }
  }

  /** Light at a place on the ground, 1 right below one lamp. */
  at(eastM: number, northM: number): number {
    const { west, east, south, north } = this.#board
    const x = Math.floor(((eastM - west) / (east - west)) * this.#columns)
    const y = Math.floor(((northM - south) / (north - south)) * this.#rows)
    return x < 0 || y < 0 || x >= this.#columns || y >= this.#rows ? 0 : (this.#light[y * this.#columns + x] as number)
  }

  dispose(): void {
    this.texture.dispose()
  }
}

function cellsFrom(middle: number, reach: number, count: number): readonly [number, number] {
  return [Math.max(0, Math.floor(middle - reach)), Math.min(count - 1, Math.ceil(middle + reach))]
}

/** For the vertex shader of three's matt materials, behind its `project_vertex`. */
export const lampVertex = /* glsl */ `
  vec4 lampSpot = vec4(transformed, 1.0);
  #ifdef USE_INSTANCING
    lampSpot = instanceMatrix * lampSpot;
  #endif
  vLampAt = (modelMatrix * lampSpot).xyz;
`

/** Lamps hang above: what faces up gets most, roofs nothing. `up` is the normal's share of upward. */
export const lampFragment = /* glsl */ `
  uniform sampler2D uLamps;
  uniform vec4 uLampFrame;
  uniform float uNight;
  varying vec3 vLampAt;
  vec3 lampLight(float up) {
    float light = texture2D(uLamps, (vec2(vLampAt.x, -vLampAt.z) - uLampFrame.xy) * uLampFrame.zw).r;
    float below = 1.0 - smoothstep(3.5, 7.5, vLampAt.y);
    return vec3(1.0, 0.70, 0.40) * (0.95 * uNight * light * below * (0.42 + 0.58 * up));
  }
`
