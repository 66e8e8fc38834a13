import type { SimWorldMessage, WorldActor } from '../../contract/sim-world.ts'
import { createRandom, hashString } from '../../platform/random.ts'
import { flamePuffs, type Puff, smokePuffs } from '../../scene/kit/fire.ts'
import { gateMesh, type Lamp } from '../../scene/kit/furniture.ts'
import type { KitMesh, Vec3 } from '../../scene/kit/mesh.ts'
import { headLamps } from '../../scene/kit/vehicles.ts'
import { siteLamps, type WorldPart, worldParts } from '../../scene/kit/world.ts'
import { cameraModel } from '../../site/projection.ts'
import type { Camera, SiteFile } from '../../site/schema.ts'
import { ActorLayer, type Placed } from './actor-layer.ts'
import { ActorMeshes, actorReachM } from './actor-meshes.ts'
import { DistractorLayer } from './distractor-layer.ts'
import {
  boxOfFlame,
  boxOfPlume,
  type Change,
  type LabelledBox,
  leastContrast,
  leastSoftContrast,
} from './label-boxes.ts'
import { type Light, lightKey, lightOf } from './lighting.ts'
import { drawPuffs } from './puffs.ts'
import { superSampling, type View, viewOf } from './raster.ts'
import { addNoise, addRain, soften } from './sensor.ts'
import { type LitView, StaticShader } from './shade-static.ts'
import { drawStatic, flattenWorld, type StaticView, type StaticWorld } from './static-view.ts'
import { SunShadow } from './sun-shadow.ts'

export interface CameraPicture {
  readonly rgba: Uint8ClampedArray
  readonly width: number
  readonly height: number
}

/** What belongs to the site rather than to one of its cameras; share it between them. */
export interface SiteStage {
  readonly world: StaticWorld
  readonly lamps: readonly Lamp[]
  readonly meshes: ActorMeshes
}

export function createStage(site: SiteFile, parts: readonly WorldPart[] = worldParts(site)): SiteStage {
  return { world: flattenWorld(parts), lamps: siteLamps(site), meshes: new ActorMeshes() }
}

/** Deviations from a good camera, for training data. */
export interface CameraTuning {
  readonly exposureBias?: number
  readonly noiseGain?: number
  readonly soften?: number
  /** Stands in for the picture of the fixed world: RGBA of the camera's size. */
  readonly backdrop?: Uint8ClampedArray
}

export interface VirtualCameraOptions {
  readonly site: SiteFile
  readonly camera: Camera
  readonly stage?: SiteStage
  readonly seed?: number
  readonly tuning?: CameraTuning
}

export interface VirtualCamera {
  readonly width: number
  readonly height: number
  /** The picture's memory is the camera's own and holds until the next call. */
  render(world: SimWorldMessage): CameraPicture
  renderLabelled(world: SimWorldMessage): CameraPicture & { readonly boxes: readonly LabelledBox[] }
  setTuning(tuning: CameraTuning): void
}

export function createVirtualCamera(options: VirtualCameraOptions): VirtualCamera {
  return new SoftwareCamera(options)
}

class SoftwareCamera implements VirtualCamera {
  readonly width: number
  readonly height: number
  readonly #site: SiteFile
  readonly #stage: SiteStage
  readonly #view: View
  readonly #drawn: StaticView
  readonly #shader: StaticShader
  readonly #layer: ActorLayer
  readonly #distractors: DistractorLayer
  readonly #shadow: SunShadow
  readonly #lamps: readonly Lamp[]
  readonly #zoneIds: readonly string[]
  readonly #seed: number
  readonly #gates = new Map<string, KitMesh>()
  readonly #out: Uint8ClampedArray
  #tuning: CameraTuning
  #lightKey = ''
  #shadowKey = ''
  #lit: LitView | undefined

  constructor({ site, camera, stage = createStage(site), seed = 1, tuning = {} }: VirtualCameraOptions) {
    this.#site = site
    this.#stage = stage
    this.#tuning = tuning
    this.#view = viewOf(cameraModel(camera))
    this.width = this.#view.model.widthPx
    this.height = this.#view.model.heightPx
    this.#drawn = drawStatic(this.#view, stage.world)
    this.#shader = new StaticShader(this.#view, stage.world, this.#drawn)
    this.#layer = new ActorLayer(this.#view, this.#drawn)
    this.#distractors = new DistractorLayer(this.#view, this.#drawn)
    const { at, forward } = this.#view.model
    this.#lamps = stage.lamps.filter((lamp) => Math.hypot(lamp.at[0] - at[0], lamp.at[1] - at[1]) < 90)
    this.#zoneIds = this.#zonesInView()
    this.#seed = hashString(`${seed}:${camera.id}`)
    this.#out = new Uint8ClampedArray(this.width * this.height * 4)
    const ahead = 26
    this.#shadow = new SunShadow([at[0] + forward[0] * ahead, at[1] + forward[1] * ahead, 0], 48)
  }

  setTuning(tuning: CameraTuning): void {
    this.#tuning = tuning
    if (this.#lit) this.#lit = this.#shader.develop(tuning.exposureBias ?? 1)
  }

  render(world: SimWorldMessage): CameraPicture {
    this.#paint(world)
    return { rgba: this.#out, width: this.width, height: this.height }
  }

  renderLabelled(world: SimWorldMessage): CameraPicture & { readonly boxes: readonly LabelledBox[] } {
    const soft: (LabelledBox | undefined)[] = []
    const placed = this.#paint(world, soft)
    const boxes = placed.flatMap(({ actor, placing }, index) => this.#boxOf(actor, placing, index + 1))
    for (const box of soft) if (box) boxes.push(box)
    return { rgba: this.#out, width: this.width, height: this.height, boxes }
  }

  /** Zones whose lighting changes this picture. */
  #zonesInView(): string[] {
    const found = new Set(this.#lamps.flatMap((lamp) => (lamp.zoneId === undefined ? [] : [lamp.zoneId])))
    const { litBy, zoneIds } = this.#stage.world
    for (let i = 0; i < this.#drawn.triangle.length; i += 3) {
      const t = this.#drawn.triangle[i] as number
      const lit = t < 0 ? 0 : (litBy[t] as number)
      if (lit > 0) found.add(zoneIds[lit - 1] as string)
    }
    return [...found].sort()
  }

  #relight(world: SimWorldMessage, light: Light): LitView {
    const key = lightKey(world, this.#zoneIds)
    if (this.#lit && key === this.#lightKey) return this.#lit
    const sunKey = key.split('|', 1)[0] as string
    const sunny = light.sun[0] > 0.004 && light.sunDirection[2] > 0.01
    if (sunny && sunKey !== this.#shadowKey) {
      this.#shadow.draw(this.#stage.world, light.sunDirection)
      this.#shadowKey = sunKey
    }
    this.#shader.expose(light, sunny ? this.#shadow : undefined)
    this.#lit = this.#shader.develop(this.#tuning.exposureBias ?? 1)
    this.#lightKey = key
    return this.#lit
  }

  #paint(world: SimWorldMessage, soft?: (LabelledBox | undefined)[]): { actor: WorldActor; placing: Placed }[] {
    const light = lightOf(world, this.#lamps)
    const { backdrop } = this.#tuning
    const relit = this.#relight(world, light)
    const lit = backdrop ? { ...relit, rgba: backdrop } : relit
    const layer = this.#layer
    this.#out.set(lit.rgba)
    layer.clear()
    const placed = this.#visibleActors(world, light)
    for (const [index, { placing }] of placed.entries()) layer.draw(placing, light, lit, index + 1)
    this.#drawGates(world, light, lit)
    const passing = this.#distractors.drawSolid(world, layer, this.#shadow, light, lit)
    for (const placing of passing)
      if (placing.sunny && light.sunDirection[2] > 0.09 && light.sun[1] > 0.03)
        layer.drawSunShadow(placing, light.sunDirection)
    for (const { placing, actor } of placed) {
      if (placing.sunny && light.sunDirection[2] > 0.09 && light.sun[1] > 0.03)
        layer.drawSunShadow(placing, light.sunDirection)
      else
        layer.drawContact(placing.at, actor.kind === 'person' || actor.kind === 'animal' ? 0.32 : placing.reachM * 0.4)
    }
    layer.resolve(lit, this.#out)
    this.#distractors.drawLight(world, light, lit, this.#out)
    this.#drawFires(world, light, lit, soft)
    if (light.dark || light.sky[1] < 0.05) this.#drawHeadLamps(world, light, lit)
    this.#develop(world, lit)
    return placed
  }

  #visibleActors(world: SimWorldMessage, light: Light): { actor: WorldActor; placing: Placed }[] {
    const sunny = light.sun[0] > 0.004 && light.sunDirection[2] > 0.01
    return world.actors.flatMap((actor) => {
      const reachM = actorReachM[actor.kind]
      if (!this.#layer.inView(actor.at, reachM)) return []
      const placing: Placed = {
        mesh: this.#stage.meshes.of(actor),
        at: actor.at,
        headingDeg: actor.headingDeg,
        reachM,
        sunny: sunny && this.#shadow.sees(actor.at[0], actor.at[1], actor.at[2] + 0.9),
        living: actor.kind === 'person' || actor.kind === 'bicycle',
      }
      return [{ actor, placing }]
    })
  }

  #drawGates(world: SimWorldMessage, light: Light, lit: LitView): void {
    for (const gate of this.#site.gates) {
      const reachM = Math.max(3, Math.hypot(gate.to[0] - gate.from[0], gate.to[1] - gate.from[1]) * 2)
      if (!this.#layer.inView([gate.from[0], gate.from[1], 0], reachM)) continue
      const step = Math.round(Math.min(1, Math.max(0, world.openings[gate.id] ?? 0)) * 20)
      const key = `${gate.id}:${step}`
      const mesh = this.#gates.get(key) ?? gateMesh(gate, step / 20)
      this.#gates.set(key, mesh)
      const middle: Vec3 = [(gate.from[0] + gate.to[0]) / 2, (gate.from[1] + gate.to[1]) / 2, 1]
      const sunny = light.sun[0] > 0.004 && this.#shadow.sees(...middle)
      this.#layer.draw({ mesh, at: [0, 0, 0], headingDeg: 0, reachM, sunny, living: false }, light, lit, gateId)
    }
  }

  #drawFires(world: SimWorldMessage, light: Light, lit: LitView, soft?: (LabelledBox | undefined)[]): void {
    const timeS = (world.at / 1000) % 3600
    for (const [i, fire] of world.fires.entries()) {
      const draw = (puffs: readonly Puff[], on = this.#out) =>
        drawPuffs(this.#view, this.#layer, lit, light, fire.at, puffs, on)
      if (fire.intensity > 0.02) draw([halo(fire.intensity)])
      const before = soft ? this.#out.slice() : undefined
      const plume = fire.smoke > 0.02 ? smokePuffs(Math.min(1, fire.smoke), timeS, [0.5, 0.2], i * 3 + 2) : []
      draw(plume)
      if (before && plume.length > 0)
        soft?.push(
          boxOfPlume(
            this.#change(before, lit),
            this.#opacityOf((on) => draw(plume, on)),
          ),
        )
      const smoky = soft ? this.#out.slice() : undefined
      if (fire.intensity > 0.02) draw(flamePuffs(Math.min(1, fire.intensity), timeS, i * 3 + 1))
      if (smoky && fire.intensity > 0.02) soft?.push(boxOfFlame(this.#change(smoky, lit)))
    }
  }

  #drawHeadLamps(world: SimWorldMessage, light: Light, lit: LitView): void {
    for (const actor of world.actors) {
      if ((actor.kind !== 'car' && actor.kind !== 'truck') || actor.speedMps < 0.3) continue
      if (!this.#layer.inView(actor.at, 5)) continue
      const angle = (actor.headingDeg * Math.PI) / 180
      const [s, c] = [Math.sin(angle), Math.cos(angle)]
      const { at } = this.#view.model
      const [tx, ty] = [at[0] - actor.at[0], at[1] - actor.at[1]]
      const towards = (tx * s + ty * c) / Math.max(1, Math.hypot(tx, ty))
      const glare = towards > 0.1 ? 0.35 + 0.6 * towards : 0
      for (const [x, y, z] of headLamps(actor.kind, actor.look)) {
        const lamp: Vec3 = [x * c + (y + 0.1) * s, -x * s + (y + 0.1) * c, z]
        const pool: Vec3 = [x * c + (y + 4) * s, -x * s + (y + 4) * c, 0.35]
        const puffs: Puff[] = [{ at: pool, radiusM: 2.2, color: [0.5, 0.48, 0.4], opacity: 0.22, glows: true }]
        if (glare > 0) {
          puffs.push({ at: lamp, radiusM: 0.2 + 0.5 * glare, color: [1, 1, 0.9], opacity: glare, glows: true })
          puffs.push(...wetStreak(lamp, [tx, ty], light.wet * glare))
        }
        drawPuffs(this.#view, this.#layer, lit, light, actor.at, puffs, this.#out)
      }
    }
  }

  #develop(world: SimWorldMessage, lit: LitView): void {
    const random = createRandom((this.#seed ^ Math.imul(Math.round(world.at) | 0, 0x9e3779b1)) >>> 0)
    if (world.rainMmPerH > 0.1)
      addRain(this.#out, this.width, this.height, world.rainMmPerH, lit.exposure.mono ? 150 : 190, random)
    soften(this.#out, this.width, this.height, this.#tuning.soften ?? 0)
    addNoise(this.#out, this.width, lit.exposure.noise * (this.#tuning.noiseGain ?? 1), lit.exposure.mono, random)
  }

  #boxOf(actor: WorldActor, placing: Placed, id: number): LabelledBox[] {
    if (actor.kind === 'animal' || !this.#lit) return []
    const { samples, distinct, rect } = this.#layer.coverage(id, this.#lit, leastContrast(this.#noise(this.#lit)))
    if (!rect || samples < 6) return []
    const full = Math.max(samples, this.#layer.fullSamples(placing))
    return [
      {
        className: actor.kind,
        x: rect.x0 / superSampling,
        y: rect.y0 / superSampling,
        width: (rect.x1 + 1 - rect.x0) / superSampling,
        height: (rect.y1 + 1 - rect.y0) / superSampling,
        visible: (samples / full) * this.#layer.shareInPicture(placing),
        distinctPx: distinct / superSampling ** 2,
        distinctShare: distinct / samples,
        actorId: actor.id,
      },
    ]
  }

  #noise(lit: LitView): number {
    return lit.exposure.noise * (this.#tuning.noiseGain ?? 1)
  }

  #change(before: Uint8ClampedArray, lit: LitView): Change {
    return { before, after: this.#out, widthPx: this.width, floor: leastSoftContrast(this.#noise(lit)) }
  }

  /** How much a drawing hides of what is behind it, 0…1 a pixel: what differs between drawing it on black and on white. */
  #opacityOf(draw: (on: Uint8ClampedArray) => void): Float32Array {
    const [black, white] = [new Uint8ClampedArray(this.#out.length), new Uint8ClampedArray(this.#out.length).fill(255)]
    draw(black)
    draw(white)
    return Float32Array.from({ length: this.#out.length / 4 }, (_, p) => {
      return 1 - ((white[p * 4 + 1] as number) - (black[p * 4 + 1] as number)) / 255
    })
  }
}

const gateId = 65_000

/** A lamp mirrored in wet ground: drawn out towards the one who looks. */
function wetStreak(lamp: Vec3, [tx, ty]: readonly [number, number], strength: number): Puff[] {
  if (strength < 0.05) return []
  const far = Math.max(1, Math.hypot(tx, ty))
  return [1.5, 3, 5].map((along, i) => ({
    at: [lamp[0] + (tx / far) * along, lamp[1] + (ty / far) * along, 0.03],
    radiusM: 0.35,
    color: [0.9, 0.88, 0.75],
    opacity: strength * (0.5 - 0.14 * i),
    glows: true,
  }))
}

/** The shine of a fire on the air and walls around it. */
function halo(intensity: number): Puff {
  return { at: [0, 0, 0.8], radiusM: 1.2 + 2.6 * intensity, color: [0.55, 0.26, 0.08], opacity: 0.3, glows: true }
}
