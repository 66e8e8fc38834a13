import { BufferAttribute, BufferGeometry, Color, Group, type Material, Mesh, ShaderMaterial } from 'three'
import type { Zone } from '../../site/schema.ts'
import { geometryOf, mergeMeshes } from '../gpu-geometry.ts'
import { interiorMesh } from '../kit/architecture-interior.ts'
import { offsetPolygon, triangulate } from '../kit/architecture-polygon.ts'
import { rgb } from '../kit/mesh.ts'
import { solidMaterial, zoneTableWidth } from '../materials.ts'
import type { Prism } from '../picking.ts'
import type { OpenStorey, SceneIndex } from '../scene-index.ts'
import { type Attention, noAttention, type StageLayer, type TargetSink } from '../stage-layer.ts'
import { type Laying, laidOpen, liftM } from '../storeys-apart.ts'
import { GpuStore, type LayerContext, still } from './layer.ts'

/** The rooms of the storeys laid open, with partitions, furniture and tinted floors. */
export class StoreyLayer implements StageLayer {
  readonly object = new Group()
  readonly #context: LayerContext
  #gpu = new GpuStore()
  /** Where pictures are finished, furniture stands in the light that its room reports. */
  readonly #roomlit: Material | undefined
  #laid: readonly OpenStorey[] = []
  #laying: Laying = noAttention

  constructor(context: LayerContext) {
    this.#context = context
    const { uniforms, quality } = context
    if (quality.finish) this.#roomlit = solidMaterial(uniforms, { plain: false, lamplit: false, roomlit: true })
  }

  attend(now: Attention, before: Attention): void {
    if (now.open === before.open && now.apart === before.apart) return
    this.#laying = now
    this.#laid = laidOpen(now, now.open)
    this.#gpu.dispose()
    this.#gpu = new GpuStore()
    for (const storey of this.#laid) this.#build(storey)
  }

  #build(storey: OpenStorey): void {
    const zones = zonesOf(this.#context.index, storey)
    if (zones.length === 0) return
    const inside = this.#gpu.single(this.#gpu.keep(this.#insideGeometry(zones)), this.#roomlit ?? this.#context.solid)
    inside.receiveShadow = true
    inside.castShadow = true
    const plates = new Mesh(this.#gpu.keep(this.#plateGeometry(zones)), this.#gpu.keep(plateMaterial(this.#context)))
    plates.renderOrder = 2
    for (const mesh of [inside, plates]) {
      mesh.position.z = this.#lift(storey)
      this.object.add(this.#gpu.keep(still(mesh)))
    }
  }

  addTargets({ prisms }: TargetSink): void {
    const { index } = this.#context
    for (const storey of this.#laid)
      for (const zone of zonesOf(index, storey)) prisms.push(floorPrism(zone, 0.15, this.#lift(storey)))
    for (const zone of index.zonesOf(undefined, undefined)) prisms.push(floorPrism(zone, 0.05, 0))
  }

  #lift({ parts, storeyAt }: OpenStorey): number {
    return liftM(this.#laying, parts.building.id, storeyAt)
  }

  #insideGeometry(zones: readonly Zone[]): BufferGeometry {
    const rooms = zones.map((zone) => interiorMesh([zone], rgb('#f1eee7')))
    const geometry = geometryOf(mergeMeshes(rooms))
    if (!this.#roomlit) return geometry
    const slots = new Float32Array(geometry.getAttribute('position').count)
    let first = 0
    for (const [i, { positions }] of rooms.entries()) {
      const end = first + positions.length / 3
      slots.fill(this.#context.index.slotOf(zones[i]?.id), first, end)
      first = end
    }
    geometry.setAttribute('slot', new BufferAttribute(slots, 1))
    return geometry
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

  dispose(): void {
    this.#gpu.dispose()
    this.#roomlit?.dispose()
    this.object.removeFromParent()
  }
}

function floorPrism(zone: Zone, thickM: number, lift: number): Prism {
  const lowM = zone.floorM + lift
  return { pick: { kind: 'zone', id: zone.id }, polygon: zone.polygon, lowM, highM: lowM + thickM }
}

function zonesOf(index: SceneIndex, open: OpenStorey): readonly Zone[] {
  return index.zonesOf(open.parts.building.id, open.parts.building.storeys[open.storeyAt]?.id)
}

/** Floor plates tinted by light, or quietly by nothing. */
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
      void main() {
        float lit = vZone.r * uNight;
        vec3 shown = mix(uQuiet, vec3(1.0, 0.82, 0.55), min(1.0, lit * 6.0));
        // Under a layer's own sheet the floor is plain: two colours would say two things.
        gl_FragColor = vec4(shown, (0.03 + 0.52 * lit) * (1.0 - uHeat));
        #include <colorspace_fragment>
      }`,
  })
}
