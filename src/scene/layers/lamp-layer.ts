import {
  AdditiveBlending,
  Color,
  Group,
  InstancedBufferAttribute,
  type InstancedMesh,
  Matrix4,
  PlaneGeometry,
  ShaderMaterial,
  Vector4,
} from 'three'
import { poseMatrix } from '../frames.ts'
import { geometryOf } from '../gpu-geometry.ts'
import { equipmentFamily } from '../kit/architecture-equipment.ts'
import { boardOf } from '../kit/architecture-ground.ts'
import { addLampPost, type Lamp } from '../kit/furniture.ts'
import { MeshBuilder } from '../kit/mesh.ts'
import { siteLamps } from '../kit/world.ts'
import { LampLight } from '../lamp-light.ts'
import { zoneTableWidth } from '../materials.ts'
import type { SceneIndex } from '../scene-index.ts'
import type { StageLayer } from '../stage-layer.ts'
import { GpuStore, type LayerContext, still } from './layer.ts'

/**
 * Lamps outdoors: posts, a bright head and a pool of light, as bright as their zone's lighting reports. Where pictures are
 * finished the pool is real light on all that stands in it; elsewhere it is laid on the ground.
 */
export class LampLayer implements StageLayer {
  readonly object = new Group()
  readonly #gpu = new GpuStore()
  readonly #context: LayerContext
  readonly #glowing: readonly InstancedMesh[] = []
  readonly #lamps: readonly Lamp[]
  readonly #slots: readonly number[]
  readonly #levels: Float32Array
  readonly #light: LampLight | undefined

  constructor(context: LayerContext) {
    this.#context = context
    const { index, quality, solid } = context
    const board = boardOf(context.index.site.ground)
    const onBoard = ({ at: [x, y] }: Lamp) => x > board.west && x < board.east && y > board.south && y < board.north
    const posted = siteLamps(index.site).filter(onBoard)
    // Floodlights stand as the devices that they are; here they only shine.
    const lamps = [...posted, ...floodlights(index).filter(onBoard)]
    this.#lamps = lamps
    this.#slots = lamps.map((lamp) => lampSlot(index, lamp, lamps))
    this.#levels = new Float32Array(lamps.length)
    if (lamps.length === 0) return
    const posts = new MeshBuilder()
    for (const lamp of posted) addLampPost(posts, lamp)
    const mesh = this.#gpu.single(this.#gpu.keep(geometryOf(posts.build())), solid)
    mesh.castShadow = true
    if (quality.finish) this.#light = this.#addLight(new LampLight(board))
    this.#glowing = [this.#glows('head', lamps), ...(this.#light ? [] : [this.#glows('pool', posted)])]
    this.object.add(still(mesh), ...this.#glowing)
  }

  #addLight(light: LampLight): LampLight {
    const { uLamps, uLampFrame } = this.#context.uniforms
    uLamps.value = light.texture
    uLampFrame.value = light.frame
    this.#gpu.add(() => light.dispose())
    return light
  }

  /** By day nothing glows, and nothing is drawn or reckoned for it. */
  sync(): void {
    const { uNight, uZones } = this.#context.uniforms
    const dark = uNight.value > 0
    for (const mesh of this.#glowing) mesh.visible = dark
    const { data } = uZones.value.image
    if (!this.#light || !dark || !(data instanceof Float32Array)) return
    let changed = false
    for (const [i, slot] of this.#slots.entries()) {
      const level = data[slot * 4] ?? 0
      if (Math.abs(level - (this.#levels[i] as number)) < 0.02) continue
      this.#levels[i] = level
      changed = true
    }
    if (changed)
      this.#light.write(
        this.#lamps.map(({ at }) => at),
        this.#levels,
      )
  }

  /** `lamps` are the first of all. */
  #glows(kind: 'pool' | 'head', lamps: readonly Lamp[]): InstancedMesh {
    const size = kind === 'pool' ? 22 : 2.4
    const geometry = this.#gpu.keep(new PlaneGeometry(size, size))
    geometry.setAttribute(
      'slot',
      new InstancedBufferAttribute(Float32Array.from(this.#slots.slice(0, lamps.length)), 1),
    )
    const material = this.#gpu.keep(glowMaterial(this.#context, kind))
    const mesh = this.#gpu.instanced(geometry, material, lamps.length)
    const matrix = new Matrix4()
    for (const [i, { at }] of lamps.entries())
      mesh.setMatrixAt(i, poseMatrix([at[0], at[1], kind === 'pool' ? 0.21 : at[2]], 0, 1, matrix))
    mesh.renderOrder = 4
    return mesh
  }

  dispose(): void {
    this.#gpu.dispose()
    this.object.clear()
    this.object.removeFromParent()
  }
}

function floodlights({ site, zoneOf }: SceneIndex): Lamp[] {
  const outdoors = (zoneId: string | undefined) => zoneId !== undefined && zoneOf.get(zoneId)?.building === undefined
  return site.equipment
    .filter((item) => equipmentFamily(item.class) === 'luminaire' && item.at[2] > 2 && outdoors(item.zone))
    .map(({ at, zone }) => ({ at: [at[0], at[1], at[2]], zoneId: zone, post: false }))
}

/** A road's lamps have no device of their own; they follow the nearest lamp that has one. */
function lampSlot(index: SceneIndex, lamp: Lamp, lamps: readonly Lamp[]): number {
  if (lamp.zoneId !== undefined) return index.slotOf(lamp.zoneId)
  let best: Lamp | undefined
  let bestM = Number.POSITIVE_INFINITY
  for (const other of lamps) {
    if (other.zoneId === undefined) continue
    const distance = Math.hypot(other.at[0] - lamp.at[0], other.at[1] - lamp.at[1])
    if (distance < bestM) [best, bestM] = [other, distance]
  }
  return index.slotOf(best?.zoneId)
}

/** Where light may be brighter than the display: a small white core, whose glow the finish adds. */
const hotHead =
  'vec3 light = mix(uColor, vec3(1.0, 0.93, 0.82), a) * (7.0 * smoothstep(0.76, 0.9, a) + 0.2 * a * a * a);'

function glowMaterial({ uniforms, index, quality }: LayerContext, kind: 'pool' | 'head'): ShaderMaterial {
  const board = boardOf(index.site.ground)
  const pool = kind === 'pool'
  return new ShaderMaterial({
    transparent: true,
    depthWrite: false,
    blending: AdditiveBlending,
    uniforms: {
      ...uniforms,
      uColor: { value: new Color('#ffc98a') },
      uBoard: { value: new Vector4(board.west, board.south, board.east, board.north) },
    },
    vertexShader: `attribute float slot; uniform sampler2D uZones; uniform float uZoneRows; uniform float uNight;
      varying vec2 vAt; varying float vLevel; varying vec2 vSite;
      void main() {
        float row = floor(slot / ${zoneTableWidth}.0);
        vLevel = texture2D(uZones, vec2((slot - row * ${zoneTableWidth}.0 + 0.5) / ${zoneTableWidth}.0, (row + 0.5) / uZoneRows)).r * uNight;
        vAt = uv * 2.0 - 1.0;
        vSite = (instanceMatrix * vec4(position, 1.0)).xy;
        ${
          pool
            ? 'vec4 seen = modelViewMatrix * instanceMatrix * vec4(position, 1.0);'
            : 'vec4 seen = modelViewMatrix * instanceMatrix * vec4(0.0, 0.0, 0.0, 1.0) + vec4(position.xy, 0.4, 0.0);'
        }
        gl_Position = vLevel < 0.01 ? vec4(0.0, 0.0, -2.0, 1.0) : projectionMatrix * seen;
      }`,
    fragmentShader: `uniform vec3 uColor; uniform vec4 uBoard; varying vec2 vAt; varying float vLevel; varying vec2 vSite;
      void main() {
        // Light does not fall beside the board.
        if (any(lessThan(vSite, uBoard.xy)) || any(greaterThan(vSite, uBoard.zw))) discard;
        float r = length(vAt);
        float a = max(0.0, 1.0 - r);
        ${pool ? 'vec3 light = uColor * 0.19 * a * a * (3.0 - 2.0 * a);' : quality.finish ? hotHead : 'vec3 light = uColor * (0.9 * pow(a, 5.0) + 0.16 * a * a * a);'}
        gl_FragColor = vec4(light * vLevel, 1.0);
        #include <colorspace_fragment>
      }`,
  })
}
