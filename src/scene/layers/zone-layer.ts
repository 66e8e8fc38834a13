import { BufferAttribute, BufferGeometry, Color, DoubleSide, Group, Mesh, ShaderMaterial } from 'three'
import type { Point2 } from '../../site/geometry.ts'
import type { Zone } from '../../site/schema.ts'
import { geometryOf } from '../gpu-geometry.ts'
import { interiorMesh } from '../kit/architecture-interior.ts'
import { counterClockwise, offsetPolygon, triangulate } from '../kit/architecture-polygon.ts'
import { rgb } from '../kit/mesh.ts'
import { zoneTableWidth } from '../materials.ts'
import type { OpenStorey } from '../scene-index.ts'
import { GpuStore, type LayerContext } from './layer.ts'

export interface MarkedZone {
  readonly zone: Zone
  readonly color: string
  /** 1 as the pulse begins … 0 when it is over; the mark itself stays. */
  readonly pulse: number
}

/** Zones of the storey laid open, with partitions and furniture; and zones marked by incidents or selection. */
export class ZoneLayer {
  readonly object = new Group()
  readonly #context: LayerContext
  #storeyGpu = new GpuStore()
  #markGpu = new GpuStore()
  #marks: { readonly material: ShaderMaterial; readonly zone: string }[] = []

  constructor(context: LayerContext) {
    this.#context = context
  }

  openStorey(open: OpenStorey | undefined): void {
    this.#storeyGpu.dispose()
    this.#storeyGpu = new GpuStore()
    if (!open) return
    const { index, models } = this.#context
    const storey = open.parts.building.storeys[open.storeyAt]
    const zones = index.site.zones.filter((z) => z.building === open.parts.building.id && z.storey === storey?.id)
    if (zones.length === 0) return
    const inside = new Mesh(this.#storeyGpu.keep(geometryOf(interiorMesh(zones, rgb('#f1eee7')))), models.still)
    inside.receiveShadow = true
    inside.castShadow = true
    const plates = new Mesh(
      this.#storeyGpu.keep(this.#plateGeometry(zones)),
      this.#storeyGpu.keep(plateMaterial(this.#context)),
    )
    plates.renderOrder = 2
    this.#storeyGpu.keep(inside)
    this.#storeyGpu.keep(plates)
    this.object.add(inside, plates)
  }

  #plateGeometry(zones: readonly Zone[]): BufferGeometry {
    const positions: number[] = []
    const slots: number[] = []
    const indices: number[] = []
    for (const zone of zones) {
      const ring = offsetPolygon(zone.polygon, -0.02)
      const first = slots.length
      for (const [x, y] of ring) {
        positions.push(x, y, zone.floorM + 0.09)
        slots.push(this.#context.index.slotOf(zone.id))
      }
      indices.push(...triangulate(ring).map((i) => i + first))
    }
    const geometry = new BufferGeometry()
    geometry.setAttribute('position', new BufferAttribute(Float32Array.from(positions), 3))
    geometry.setAttribute('slot', new BufferAttribute(Float32Array.from(slots), 1))
    geometry.setIndex(indices)
    return geometry
  }

  /** Replaces all marks. Same zones in the same order only move their pulse. */
  mark(marked: readonly MarkedZone[]): void {
    const same =
      marked.length === this.#marks.length && marked.every((m, i) => `${m.zone.id}${m.color}` === this.#marks[i]?.zone)
    if (!same) this.#rebuildMarks(marked)
    for (const [i, m] of marked.entries()) {
      const uniform = this.#marks[i]?.material.uniforms.uPulse
      if (uniform) uniform.value = m.pulse
    }
  }

  #rebuildMarks(marked: readonly MarkedZone[]): void {
    this.#markGpu.dispose()
    this.#markGpu = new GpuStore()
    this.#marks = marked.map((m) => {
      const material = this.#markGpu.keep(markMaterial(m.color))
      const mesh = this.#markGpu.keep(new Mesh(this.#markGpu.keep(markGeometry(m.zone)), material))
      mesh.renderOrder = 6
      this.object.add(mesh)
      return { material, zone: `${m.zone.id}${m.color}` }
    })
  }

  dispose(): void {
    this.#storeyGpu.dispose()
    this.#markGpu.dispose()
    this.object.removeFromParent()
  }
}

/** Floor of a zone and a low curtain of light round it; `edge` is height 0…1 on the curtain, −1 on the floor. */
function markGeometry(zone: Zone): BufferGeometry {
  const ring = counterClockwise(zone.polygon)
  const floor = zone.floorM + 0.26
  const high = Math.min(2.6, zone.heightM)
  const positions: number[] = []
  const edge: number[] = []
  const indices: number[] = triangulate(ring)
  for (const [x, y] of ring) {
    positions.push(x, y, floor)
    edge.push(-1)
  }
  for (const [i, a] of ring.entries()) {
    const b = ring[(i + 1) % ring.length] as Point2
    const at = edge.length
    positions.push(...a, floor, ...b, floor, ...b, floor + high, ...a, floor + high)
    edge.push(0, 0, 1, 1)
    indices.push(at, at + 1, at + 2, at, at + 2, at + 3)
  }
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(Float32Array.from(positions), 3))
  geometry.setAttribute('edge', new BufferAttribute(Float32Array.from(edge), 1))
  geometry.setIndex(indices)
  return geometry
}

function markMaterial(color: string): ShaderMaterial {
  return new ShaderMaterial({
    transparent: true,
    depthWrite: false,
    side: DoubleSide,
    uniforms: { uColor: { value: new Color(color) }, uPulse: { value: 0 } },
    vertexShader: `attribute float edge; varying float vEdge; varying vec2 vAt;
      void main() { vEdge = edge; vAt = position.xy; gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0); }`,
    fragmentShader: `uniform vec3 uColor; uniform float uPulse; varying float vEdge; varying vec2 vAt;
      void main() {
        float stripes = smoothstep(0.42, 0.5, abs(fract((vAt.x + vAt.y) * 0.35) - 0.5));
        float floorA = 0.16 + 0.12 * stripes + 0.3 * uPulse;
        float curtain = pow(1.0 - max(0.0, vEdge), 2.2) * (0.5 + 0.5 * uPulse) + smoothstep(0.985, 1.0, 1.0 - vEdge) * 0.5;
        gl_FragColor = vec4(uColor, vEdge < -0.5 ? floorA : curtain);
        #include <colorspace_fragment>
      }`,
  })
}

/** Floor plates tinted by the layer's heat, by light, or quietly by nothing. */
function plateMaterial({ uniforms, palette }: LayerContext): ShaderMaterial {
  return new ShaderMaterial({
    transparent: true,
    depthWrite: false,
    uniforms: { ...uniforms, uQuiet: { value: new Color(palette.accent) } },
    vertexShader: `attribute float slot; uniform sampler2D uZones; uniform float uZoneRows; varying vec4 vZone;
      void main() {
        float row = floor(slot / ${zoneTableWidth}.0);
        vZone = texture2D(uZones, vec2((slot - row * ${zoneTableWidth}.0 + 0.5) / ${zoneTableWidth}.0, (row + 0.5) / uZoneRows));
        gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
      }`,
    fragmentShader: `uniform float uHeat; uniform float uNight; uniform vec3 uQuiet; varying vec4 vZone;
      vec3 heatColor(float t) {
        vec3 cold = vec3(0.10, 0.32, 0.72); vec3 mid = vec3(0.78, 0.80, 0.62); vec3 hot = vec3(0.80, 0.12, 0.06);
        return t < 0.5 ? mix(cold, mid, t * 2.0) : mix(mid, hot, t * 2.0 - 1.0);
      }
      void main() {
        vec4 quiet = mix(vec4(uQuiet, 0.03), vec4(1.0, 0.82, 0.55, 0.55), vZone.r * uNight);
        vec4 heat = vZone.b < 0.0 ? vec4(0.4, 0.42, 0.45, 0.35) : vec4(heatColor(vZone.b), 0.62);
        gl_FragColor = uHeat > 0.5 ? heat : quiet;
        #include <colorspace_fragment>
      }`,
  })
}
