import {
  AdditiveBlending,
  Color,
  Group,
  InstancedBufferAttribute,
  type InstancedMesh,
  Matrix4,
  Mesh,
  PlaneGeometry,
  ShaderMaterial,
  Vector4,
} from 'three'
import { poseMatrix } from '../frames.ts'
import { geometryOf } from '../gpu-geometry.ts'
import { boardOf } from '../kit/architecture-ground.ts'
import { addLampPost, type Lamp } from '../kit/furniture.ts'
import { MeshBuilder } from '../kit/mesh.ts'
import { siteLamps } from '../kit/world.ts'
import { zoneTableWidth } from '../materials.ts'
import type { SceneIndex } from '../scene-index.ts'
import type { StageLayer } from '../stage-layer.ts'
import { GpuStore, type LayerContext, still } from './layer.ts'

/** Lamps outdoors: posts, a bright head and a pool of light, as bright as their zone's lighting reports. */
export class LampLayer implements StageLayer {
  readonly object = new Group()
  readonly #gpu = new GpuStore()
  readonly #night: { readonly value: number }
  readonly #light: readonly InstancedMesh[] = []

  constructor(context: LayerContext) {
    this.#night = context.uniforms.uNight
    const board = boardOf(context.index.site.ground)
    const lamps = siteLamps(context.index.site).filter(
      ({ at: [x, y] }) => x > board.west && x < board.east && y > board.south && y < board.north,
    )
    if (lamps.length === 0) return
    const posts = new MeshBuilder()
    for (const lamp of lamps) addLampPost(posts, lamp)
    const mesh = new Mesh(this.#gpu.keep(geometryOf(posts.build())), context.models.still)
    mesh.castShadow = true
    this.#light = [this.#glows(context, lamps, 'pool'), this.#glows(context, lamps, 'head')]
    this.object.add(still(mesh), ...this.#light)
  }

  /** By day nothing glows, and nothing is drawn for it. */
  sync(): void {
    const dark = this.#night.value > 0
    for (const mesh of this.#light) mesh.visible = dark
  }

  #glows(context: LayerContext, lamps: readonly Lamp[], kind: 'pool' | 'head'): InstancedMesh {
    const size = kind === 'pool' ? 22 : 2.4
    const geometry = this.#gpu.keep(new PlaneGeometry(size, size))
    const slots = lamps.map((lamp) => lampSlot(context.index, lamp, lamps))
    geometry.setAttribute('slot', new InstancedBufferAttribute(Float32Array.from(slots), 1))
    const material = this.#gpu.keep(glowMaterial(context, kind))
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

function glowMaterial({ uniforms, index }: LayerContext, kind: 'pool' | 'head'): ShaderMaterial {
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
            : 'vec4 seen = modelViewMatrix * instanceMatrix * vec4(0.0, 0.0, 0.0, 1.0) + vec4(position.xy, 0.0, 0.0);'
        }
        gl_Position = vLevel < 0.01 ? vec4(0.0, 0.0, -2.0, 1.0) : projectionMatrix * seen;
      }`,
    fragmentShader: `uniform vec3 uColor; uniform vec4 uBoard; varying vec2 vAt; varying float vLevel; varying vec2 vSite;
      void main() {
        // Light does not fall beside the board.
        if (any(lessThan(vSite, uBoard.xy)) || any(greaterThan(vSite, uBoard.zw))) discard;
        float r = length(vAt);
        float a = max(0.0, 1.0 - r);
        a = ${pool ? '0.19 * a * a * (3.0 - 2.0 * a)' : '0.9 * pow(a, 5.0) + 0.16 * a * a * a'};
        gl_FragColor = vec4(uColor * a * vLevel, 1.0);
        #include <colorspace_fragment>
      }`,
  })
}
