import {
  Color,
  DoubleSide,
  Group,
  InstancedBufferAttribute,
  type InstancedMesh,
  Matrix4,
  PlaneGeometry,
  ShaderMaterial,
  Vector3,
} from 'three'
import { detectorClasses } from '../../contract/perception.ts'
import { hashString } from '../../platform/random.ts'
import { wordOf } from '../../ui/i18n/language.ts'
import { poseMatrix } from '../frames.ts'
import { geometryOf } from '../gpu-geometry.ts'
import { type Board, boardOf } from '../kit/architecture-ground.ts'
import { modelPerson, personVariants } from '../kit/architecture-people.ts'
import { carVariants, modelCar, modelTruck } from '../kit/architecture-vehicles.ts'
import { type KitMesh, rgb } from '../kit/mesh.ts'
import { personLook, personMesh } from '../kit/person.ts'
import { bicycleMesh, carMesh, forkliftMesh, truckMesh } from '../kit/vehicles.ts'
import { PickBoxes } from '../picking.ts'
import type { RedrawReason } from '../redraw.ts'
import { type Attention, type Belief, noAttention, type StageLayer } from '../stage-layer.ts'
import { type Mover, TrackMotion } from '../track-motion.ts'
import { GpuStore, type LayerContext } from './layer.ts'
import { VehicleLamps } from './vehicle-lamps.ts'

const capacity = 192
const ringCapacity = 512

/** The cameras' own figures: few triangles, for machines that count them. */
const plainFigures: Readonly<Record<string, readonly (() => KitMesh)[]>> = {
  person: [
    () =>
      personMesh(
        { ...personLook(7), hood: false, vest: false, helmet: undefined, top: rgb('#e8e4da') },
        { phase: 0.7, swing: 0.7 },
      ),
  ],
  bicycle: [() => bicycleMesh(3, 0.5)],
  car: [() => carMesh(9)],
  truck: [() => truckMesh(1)],
  forklift: [() => forkliftMesh(2)],
}
const fineFigures: typeof plainFigures = {
  ...plainFigures,
  person: Array.from({ length: personVariants }, (_, i) => () => modelPerson(i)),
  car: Array.from({ length: carVariants }, (_, i) => () => modelCar(i)),
  truck: [modelTruck],
}

/** Paint of cars: as quiet as the model that they drive in. */
const paints = ['#ffffff', '#d9dcdf', '#8f979f', '#5b6470', '#cfc6b6', '#76889b'].map((hex) => new Color(hex))
const white = new Color(1, 1, 1)
const faded = new Color(0.55, 0.58, 0.62)

/** How large a ring is drawn at least, so that a figure stands well in it. */
const girthM: Readonly<Record<string, number>> = {
  person: 0.9,
  bicycle: 1.2,
  car: 2.7,
  truck: 4.6,
  forklift: 1.9,
  fire: 1.6,
  smoke: 2.2,
}

/** People and vehicles that the detector found: a figure, and a ring as wide and as long as the place is unsure (2 σ). */
export class TrackLayer implements StageLayer {
  readonly object = new Group()
  readonly movingTargets = new PickBoxes()
  readonly #motion = new TrackMotion()
  #movers: readonly Mover[] = []
  #siteNowMs = 0
  #moving = false
  #fade = 0
  #attention: Attention = noAttention
  readonly #gpu = new GpuStore()
  readonly #context: LayerContext
  readonly #board: Board
  readonly #figures = new Map<string, InstancedMesh>()
  readonly #lamps: VehicleLamps | undefined
  readonly #shapes: typeof plainFigures
  readonly #rings: InstancedMesh
  readonly #ringLook: InstancedBufferAttribute
  readonly #matrix = new Matrix4()
  readonly #color = new Color()
  readonly #radii = new Vector3()

  constructor(context: LayerContext) {
    this.#context = context
    this.#board = boardOf(context.index.site.ground)
    const geometry = this.#gpu.keep(new PlaneGeometry(2, 2))
    this.#ringLook = new InstancedBufferAttribute(new Float32Array(ringCapacity * 3), 3)
    geometry.setAttribute('look', this.#ringLook)
    this.#rings = this.#gpu.instanced(geometry, this.#gpu.keep(ringMaterial()), ringCapacity)
    this.#rings.setColorAt(0, this.#color)
    this.#rings.count = 0
    this.#rings.visible = false
    this.#rings.renderOrder = 5
    this.object.add(this.#rings)
    const { quality } = context
    this.#shapes = quality.detail === 'high' ? fineFigures : plainFigures
    if (!quality.finish) return
    this.#lamps = new VehicleLamps(context, capacity)
    this.object.add(...this.#lamps.meshes.values())
  }

  get movers(): readonly Mover[] {
    return this.#movers
  }

  sync({ state }: Belief): void {
    this.#siteNowMs = state.siteNowMs
    this.#motion.setTracks(state.tracks)
    this.#moving = this.#refresh(0)
    if (this.#moving) this.#context.host.redraw('tracks')
  }

  attend(now: Attention, before: Attention): void {
    this.#attention = now
    if (now.selected !== before.selected || now.hovered !== before.hovered) this.#draw()
  }

  frame(dtMs: number): RedrawReason | undefined {
    if (this.#moving) this.#moving = this.#refresh(dtMs)
    return this.#moving ? 'tracks' : undefined
  }

  /** True while somebody is on the way or fading. */
  #refresh(dtMs: number): boolean {
    const moving = this.#motion.step(dtMs)
    this.#movers = this.#motion.movers(this.#siteNowMs)
    // Fading is seen in steps of a twentieth.
    const fade = this.#movers.reduce((sum, m) => sum + Math.round(m.freshness * 20), this.#movers.length)
    const faded = fade !== this.#fade
    this.#fade = fade
    if (moving || faded) this.#draw()
    return moving || faded
  }

  #draw(): void {
    // Streets lead on beyond the board's edge, and cameras see them there; nobody stands in the air.
    const { west, east, south, north } = this.#board
    const movers = this.#movers.filter((m) => m.eastM > west && m.eastM < east && m.northM > south && m.northM < north)
    const { selected, hovered } = this.#attention
    this.movingTargets.clear()
    for (const mover of movers) {
      const girth = wordOf(girthM, mover.track.className) ?? 1
      this.movingTargets.add({ kind: 'track', id: mover.track.id }, [mover.eastM, mover.northM, 1], [girth, girth, 1.1])
    }
    const counts = new Map<string, number>()
    this.#lamps?.begin()
    const { palette } = this.#context
    for (const [i, mover] of movers.slice(0, ringCapacity).entries()) {
      const id = mover.track.id
      // What a foreign detector calls otherwise has its ring and no figure.
      const kind = detectorClasses.find((c) => c === mover.track.className)
      const marked =
        selected?.kind === 'track' && selected.id === id ? 1 : hovered?.kind === 'track' && hovered.id === id ? 0.6 : 0
      if (kind) this.#drawFigure(kind, mover, counts)
      const girth = (kind && wordOf(girthM, kind)) ?? 1
      const radius = (sigmaM: number) => Math.max(girth * 0.8, Math.min(9, sigmaM * 2))
      poseMatrix([mover.eastM, mover.northM, 0.24], mover.worstDeg, 1, this.#matrix)
      this.#matrix.scale(this.#radii.set(radius(mover.acrossSigmaM), radius(mover.sigmaM), 1))
      this.#rings.setMatrixAt(i, this.#matrix)
      this.#rings.setColorAt(
        i,
        this.#color.set(kind === 'fire' || kind === 'smoke' ? palette.critical : palette.accent),
      )
      this.#ringLook.setXYZ(i, mover.freshness, marked, kind && wordOf(this.#shapes, kind) ? girth : 0)
    }
    this.#rings.count = Math.min(ringCapacity, movers.length)
    this.#rings.visible = movers.length > 0
    this.#rings.instanceMatrix.needsUpdate = true
    if (this.#rings.instanceColor) this.#rings.instanceColor.needsUpdate = true
    this.#ringLook.needsUpdate = true
    this.#lamps?.end()
    if (this.#context.quality.shadowsFollow) this.#context.host.castersMoved()
    for (const [shape, mesh] of this.#figures) {
      mesh.count = counts.get(shape) ?? 0
      mesh.visible = mesh.count > 0
      mesh.instanceMatrix.needsUpdate = true
      if (mesh.instanceColor) mesh.instanceColor.needsUpdate = true
    }
  }

  #drawFigure(kind: string, mover: Mover, counts: Map<string, number>): void {
    const shapes = wordOf(this.#shapes, kind)
    if (!shapes) return
    // Whoever comes again looks as before.
    const look = hashString(mover.track.id)
    const variant = look % shapes.length
    const shape = `${kind}/${variant}`
    const at = counts.get(shape) ?? 0
    if (at >= capacity) return
    counts.set(shape, at + 1)
    const mesh = this.#figures.get(shape) ?? this.#addFigure(shape, shapes[variant] as () => KitMesh)
    // People are drawn a third larger than life, as in any architectural model seen from above.
    const scale = (kind === 'person' ? 1.3 : 1) * (0.55 + 0.45 * mover.freshness)
    mesh.setMatrixAt(at, poseMatrix([mover.eastM, mover.northM, 0.16], mover.headingDeg, scale, this.#matrix))
    this.#lamps?.add(kind, this.#matrix)
    const paint = this.#shapes === fineFigures && kind === 'car' ? paints[(look >>> 8) % paints.length] : white
    this.#color.copy(paint ?? white)
    mesh.setColorAt(at, this.#color.lerp(faded, 1 - mover.freshness))
  }

  #addFigure(shape: string, figure: () => KitMesh): InstancedMesh {
    const mesh = this.#gpu.instanced(this.#gpu.keep(geometryOf(figure())), this.#context.solid, capacity)
    // A shadow that stays where somebody has been is worse than none.
    mesh.castShadow = this.#context.quality.shadowsFollow
    this.#figures.set(shape, mesh)
    this.object.add(mesh)
    return mesh
  }

  dispose(): void {
    this.#lamps?.dispose()
    this.#gpu.dispose()
    this.#figures.clear()
    this.object.clear()
    this.object.removeFromParent()
  }
}

function ringMaterial(): ShaderMaterial {
  return new ShaderMaterial({
    transparent: true,
    depthWrite: false,
    side: DoubleSide,
    vertexShader: `attribute vec3 look; varying vec2 vAt; varying vec3 vLook; varying vec3 vColor; varying vec2 vMetres;
      void main() {
        vAt = uv * 2.0 - 1.0; vLook = look;
        vMetres = vAt * vec2(length(instanceMatrix[0].xyz), length(instanceMatrix[1].xyz)); vColor = instanceColor.rgb;
        gl_Position = projectionMatrix * modelViewMatrix * instanceMatrix * vec4(position, 1.0);
      }`,
    fragmentShader: `varying vec2 vAt; varying vec3 vLook; varying vec3 vColor; varying vec2 vMetres;
      void main() {
        float r = length(vAt);
        float line = smoothstep(0.80, 0.86, r) * (1.0 - smoothstep(0.95, 1.0, r));
        float fill = (1.0 - smoothstep(0.9, 1.0, r)) * (0.16 + 0.2 * vLook.y);
        float ring = max(line * 0.95, fill);
        // The shade that a figure stands in, as large as the figure and not as its doubt.
        float shade = vLook.z > 0.0 ? 0.42 * (1.0 - smoothstep(0.1, 0.75, length(vMetres) / vLook.z)) : 0.0;
        vec3 shown = mix(mix(vColor, vec3(1.0), 0.35 * vLook.y), vec3(0.02, 0.03, 0.04), shade * (1.0 - line));
        gl_FragColor = vec4(shown, vLook.x * max(ring, shade));
        #include <colorspace_fragment>
      }`,
  })
}
