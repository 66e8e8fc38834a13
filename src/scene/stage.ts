import { Color, Group, type Material, type Mesh, type WebGLRenderer } from 'three'
import type { Incident } from '../contract/decision.ts'
import type { SiteFile } from '../site/schema.ts'
import { sunDirection } from '../site/sun.ts'
import type { Twin, TwinState } from '../twin/twin.ts'
import { backdropMesh, disposeMesh } from './backdrop.ts'
import { type Daylight, daylight } from './daylight.ts'
import { siteToThree } from './frames.ts'
import { HotBindings, type SceneLayer } from './hot-bindings.ts'
import { boardOf } from './kit/architecture-ground.ts'
import { CameraLayer } from './layers/camera-layer.ts'
import { ChargingLayer } from './layers/charging-layer.ts'
import { DeviceLayer } from './layers/device-layer.ts'
import { GateLayer } from './layers/gate-layer.ts'
import { LampLayer } from './layers/lamp-layer.ts'
import type { LayerContext } from './layers/layer.ts'
import { StaticLayer } from './layers/static-layer.ts'
import { TrackLayer } from './layers/track-layer.ts'
import { type MarkedZone, ZoneLayer } from './layers/zone-layer.ts'
import {
  applyDaylight,
  type ModelMaterials,
  modelMaterials,
  type SharedUniforms,
  sharedUniforms,
  zoneTable,
} from './materials.ts'
import { type ScenePalette, type SceneTheme, scenePalettes } from './palette.ts'
import { type Hit, PickBoxes, type Prism, pickNearest, type Ray } from './picking.ts'
import type { QualitySettings } from './quality.ts'
import type { RedrawReason } from './redraw.ts'
import { indexSite, type OpenStorey, type SceneIndex, storeyToOpen } from './scene-index.ts'
import type { Picked } from './selection.ts'
import { SunLamp } from './sun-lamp.ts'
import { type Mover, TrackMotion } from './track-motion.ts'

const pulseMs = 1600
/** The sun is moved in steps of about a quarter of a degree; finer ones nobody sees. */
const sunStep = 0.004

export interface StageOptions {
  readonly site: SiteFile
  readonly theme: SceneTheme
  readonly quality: QualitySettings
}

/** The whole 3D model of one park: builds it, keeps it true to the twin, says what is under a ray. */
export class ParkStage {
  readonly root = new Group()
  readonly index: SceneIndex
  readonly palette: ScenePalette
  readonly uniforms: SharedUniforms
  /** Shadows are drawn anew only when something that casts one has moved. */
  shadowsDirty = true
  readonly #backdrop: Mesh
  readonly #models: ModelMaterials
  readonly #sun: SunLamp | undefined
  readonly #static: StaticLayer
  readonly #devices: DeviceLayer
  readonly #gates: GateLayer
  readonly #cameras: CameraLayer
  readonly #lamps: LampLayer
  readonly #charging: ChargingLayer
  readonly #tracks: TrackLayer
  readonly #zones: ZoneLayer
  readonly #motion = new TrackMotion()
  readonly #boxes = new PickBoxes()
  readonly #trackBoxes = new PickBoxes()
  readonly #outdoor: readonly Prism[]
  readonly #plain: boolean
  #bindings: HotBindings
  #registry: TwinState['devices'] | undefined
  #layer: SceneLayer = 'none'
  #open: OpenStorey | undefined
  #selected: Picked | undefined
  #hovered: Picked | undefined
  #prisms: readonly Prism[] = []
  #incidents: readonly Incident[] = []
  #bornAt = new Map<string, number>()
  #movers: readonly Mover[] = []
  #sunAt: readonly [number, number, number] | undefined
  #cloud = -1
  #siteNowMs = 0
  #elapsedMs = 0
  #moving = false
  #fade = 0
  light: Daylight

  constructor({ site, theme, quality }: StageOptions) {
    this.index = indexSite(site)
    this.palette = scenePalettes[theme]
    this.#plain = quality.plain
    this.uniforms = sharedUniforms(zoneTable(this.index.slots))
    this.uniforms.uAccent.value = new Color(this.palette.accent)
    this.#models = modelMaterials(this.uniforms, quality.plain)
    const context: LayerContext = {
      index: this.index,
      palette: this.palette,
      quality,
      uniforms: this.uniforms,
      models: this.#models,
    }
    this.root.quaternion.copy(siteToThree)
    this.#backdrop = backdropMesh(this.uniforms)
    this.#sun = quality.plain ? undefined : new SunLamp(boardOf(site.ground), quality.shadowMapPx)
    this.#static = new StaticLayer(context)
    this.#devices = new DeviceLayer(context)
    this.#gates = new GateLayer(context)
    this.#cameras = new CameraLayer(context)
    this.#lamps = new LampLayer(context)
    this.#charging = new ChargingLayer(context)
    this.#tracks = new TrackLayer(context)
    this.#zones = new ZoneLayer(context)
    this.#bindings = new HotBindings(this.index, new Map())
    this.#outdoor = site.zones
      .filter((z) => z.building === undefined)
      .map((z) => ({ pick: { kind: 'zone', id: z.id }, polygon: z.polygon, lowM: z.floorM, highM: z.floorM + 0.05 }))
    for (const layer of [
      this.#static,
      this.#devices,
      this.#gates,
      this.#cameras,
      this.#lamps,
      this.#charging,
      this.#zones,
      this.#tracks,
    ])
      this.root.add(layer.object)
    if (this.#sun) this.root.add(this.#sun.object)
    this.light = daylight([0, 0, 1], 0.15, this.palette)
    this.#rebuildTargets()
  }

  get backdrop(): Mesh {
    return this.#backdrop
  }

  get openStorey(): OpenStorey | undefined {
    return this.#open
  }

  get movers(): readonly Mover[] {
    return this.#movers
  }

  get incidents(): readonly Incident[] {
    return this.#incidents
  }

  /** Takes over what the twin believes now; returns why a frame is due, or nothing. */
  sync(twin: Twin): RedrawReason[] {
    const state = twin.store.getState()
    const reasons: RedrawReason[] = []
    this.#siteNowMs = state.siteNowMs
    if (state.devices !== this.#registry) {
      this.#registry = state.devices
      this.#bindings = new HotBindings(this.index, state.devices)
      this.#devices.setDevices(state.devices)
      this.#placeDevices()
      reasons.push('devices')
    }
    const table = this.uniforms.uZones.value
    const data = table.image.data
    if (
      data instanceof Float32Array &&
      this.#bindings.writeZones(data, twin.hot, this.#layer, state.environment, this.index)
    ) {
      table.needsUpdate = true
      reasons.push('lights')
    }
    if (this.#charging.sync(this.#bindings, twin.hot)) {
      this.shadowsDirty = true
      reasons.push('devices')
    }
    if (this.#syncGates(twin)) reasons.push('gates')
    if (this.#syncSun(twin, state.siteNowMs)) reasons.push('sun')
    if (this.#syncIncidents(state)) reasons.push('incidents')
    this.#motion.setTracks(state.tracks)
    this.#moving = this.#refreshMovers(0)
    if (this.#moving) reasons.push('tracks')
    return reasons
  }

  #syncGates(twin: Twin): boolean {
    let moved = false
    this.#bindings.gates(twin.hot, (gate, opening) => {
      if (this.#gates.setOpening(gate, opening)) moved = true
    })
    if (!moved) return false
    this.#gates.refresh()
    this.shadowsDirty = true
    return true
  }

  #syncSun(twin: Twin, siteNowMs: number): boolean {
    const { latitudeDeg, longitudeDeg } = this.index.site.geo
    const sun = sunDirection(siteNowMs, latitudeDeg, longitudeDeg)
    const cloud = this.#bindings.cloud(twin.hot)
    const last = this.#sunAt
    const still = last && Math.hypot(sun[0] - last[0], sun[1] - last[1], sun[2] - last[2]) < sunStep
    if (still && Math.abs(cloud - this.#cloud) < 0.02) return false
    this.#sunAt = sun
    this.#cloud = cloud
    this.light = daylight(sun, cloud, this.palette)
    applyDaylight(this.uniforms, this.light)
    this.#sun?.apply(this.light)
    this.shadowsDirty = true
    return true
  }

  #syncIncidents(state: TwinState): boolean {
    if (state.incidents === this.#incidents) return false
    this.#incidents = state.incidents
    for (const incident of state.incidents)
      if (!this.#bornAt.has(incident.id)) this.#bornAt.set(incident.id, this.#elapsedMs)
    this.#drawMarks()
    this.#tint()
    return true
  }

  setLayer(layer: SceneLayer): void {
    this.#layer = layer
    this.uniforms.uHeat.value = layer === 'none' ? 0 : 1
  }

  set conesVisible(visible: boolean) {
    this.#cameras.conesVisible = visible
  }

  /** Shows selection and hover; lays open the storey that the selection lives in. */
  select(selected: Picked | undefined, hovered: Picked | undefined): void {
    const reopen = selected !== this.#selected
    this.#selected = selected
    this.#hovered = hovered
    const range = (p: Picked | undefined): readonly [number, number] => {
      const parts = p?.kind === 'building' ? this.index.partsOf.get(p.id) : undefined
      return parts ? [parts.firstPart, parts.roofPart] : [1, 0]
    }
    this.uniforms.uMarked.value.set(...range(selected), ...range(hovered))
    this.#cameras.mark(selected, hovered)
    if (reopen) this.#lay(storeyToOpen(this.index, selected))
    this.#drawMarks()
    this.#tint()
    this.#refreshMovers(0)
  }

  #lay(open: OpenStorey | undefined): void {
    const same = open?.parts === this.#open?.parts && open?.storeyAt === this.#open?.storeyAt
    this.#open = open
    if (same) return
    const storey = open?.parts.building.storeys[open.storeyAt]
    if (open && storey) {
      const part = open.parts.firstPart + open.storeyAt
      this.uniforms.uCut.value.set(part + 1, open.parts.roofPart, part, storey.baseM + 1.3)
    } else this.uniforms.uCut.value.set(1, 0, -1, 0)
    this.#zones.openStorey(open)
    this.#placeDevices()
    this.shadowsDirty = true
  }

  #placeDevices(): void {
    this.#boxes.clear()
    this.#devices.place(this.#open, this.#boxes)
    this.#gates.addTo(this.#boxes)
    this.#cameras.addTo(this.#boxes)
    this.#tint()
    this.#rebuildTargets()
    this.shadowsDirty = true
  }

  #tint(): void {
    const alarmed = new Map(this.#openIncidents().map((i) => [i.subject, this.palette[i.priority]]))
    this.#devices.tint(this.#selected, this.#hovered, alarmed)
  }

  #openIncidents(): readonly Incident[] {
    return this.#incidents.filter((i) => i.state !== 'closed')
  }

  /** The buildings as they stand now, the open one cut at its storey. */
  get buildings(): readonly Prism[] {
    const open = this.#open
    const storey = open?.parts.building.storeys[open.storeyAt]
    return this.index.parts.map((p): Prism => {
      const cut = p === open?.parts && storey ? storey.baseM : p.topM + p.building.roof.parapetM
      return {
        pick: { kind: 'building', id: p.building.id },
        polygon: p.building.footprint,
        lowM: p.building.baseM,
        highM: cut,
      }
    })
  }

  #rebuildTargets(): void {
    const open = this.#open
    const storey = open?.parts.building.storeys[open.storeyAt]
    const rooms = this.index.site.zones
      .filter((z) => open && z.building === open.parts.building.id && z.storey === storey?.id)
      .map(
        (z): Prism => ({
          pick: { kind: 'zone', id: z.id },
          polygon: z.polygon,
          lowM: z.floorM,
          highM: z.floorM + 0.15,
        }),
      )
    this.#prisms = [...this.buildings, ...rooms, ...this.#outdoor]
  }

  /** Colour of a zone's mark: its worst open incident, else the accent where it is selected or hovered. */
  #drawMarks(): void {
    const marked = new Map<string, MarkedZone>()
    for (const incident of this.#openIncidents()) {
      const zone = incident.zone === undefined ? undefined : this.index.zoneOf.get(incident.zone)
      if (!zone || marked.has(zone.id)) continue
      const age = this.#elapsedMs - (this.#bornAt.get(incident.id) ?? 0)
      marked.set(zone.id, { zone, color: this.palette[incident.priority], pulse: Math.max(0, 1 - age / pulseMs) })
    }
    for (const [picked, strength] of [
      [this.#selected, 0.25],
      [this.#hovered, 0],
    ] as const) {
      const zone = picked?.kind === 'zone' ? this.index.zoneOf.get(picked.id) : undefined
      if (zone && !marked.has(zone.id)) marked.set(zone.id, { zone, color: this.palette.accent, pulse: strength })
    }
    this.#zones.mark([...marked.values()])
  }

  #refreshMovers(dtMs: number): boolean {
    const moving = this.#motion.step(dtMs)
    this.#movers = this.#motion.movers(this.#siteNowMs)
    // Fading is seen in steps of a twentieth.
    const fade = this.#movers.reduce((sum, m) => sum + Math.round(m.freshness * 20), this.#movers.length)
    const faded = fade !== this.#fade
    this.#fade = fade
    this.#tracks.draw(this.#movers, this.#selected, this.#hovered)
    this.#trackBoxes.clear()
    this.#tracks.addTo(this.#trackBoxes, this.#movers)
    return moving || faded
  }

  /** Advances what moves by itself; returns why another frame is due. */
  frame(dtMs: number): RedrawReason[] {
    this.#elapsedMs += dtMs
    const reasons: RedrawReason[] = []
    if (this.#moving) {
      this.#moving = this.#refreshMovers(dtMs)
      if (this.#moving) reasons.push('tracks')
    }
    if (this.#openIncidents().some((i) => this.#elapsedMs - (this.#bornAt.get(i.id) ?? 0) < pulseMs)) {
      this.#drawMarks()
      reasons.push('pulse')
    }
    return reasons
  }

  pick(ray: Ray): Hit | undefined {
    const still = pickNearest(ray, { boxes: this.#boxes, prisms: this.#prisms })
    const moving = this.#trackBoxes.count > 0 ? pickNearest(ray, { boxes: this.#trackBoxes, prisms: [] }) : undefined
    return moving && (!still || moving.distance < still.distance + 1.5 / Math.hypot(...ray.direction)) ? moving : still
  }

  layerValue(zoneId: string, twin: Twin): number | undefined {
    return this.#bindings.layerValue(this.#layer, this.index.slotOf(zoneId), twin.hot)
  }

  devicePosition(id: string): readonly [number, number, number] | undefined {
    return this.#devices.positionOf(id)
  }

  /** Called before each drawn frame. */
  prepare(renderer: WebGLRenderer): void {
    renderer.toneMappingExposure = this.light.exposure
    if (this.#plain || !this.shadowsDirty) return
    renderer.shadowMap.needsUpdate = true
    this.shadowsDirty = false
  }

  dispose(): void {
    for (const layer of [
      this.#static,
      this.#devices,
      this.#gates,
      this.#cameras,
      this.#lamps,
      this.#charging,
      this.#tracks,
      this.#zones,
    ])
      layer.dispose()
    this.#sun?.dispose()
    for (const material of Object.values<Material>({ ...this.#models })) material.dispose()
    this.uniforms.uZones.value.dispose()
    disposeMesh(this.#backdrop)
    this.root.removeFromParent()
  }
}
