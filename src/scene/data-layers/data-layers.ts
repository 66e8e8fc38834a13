import { Group } from 'three'
import type { SiteFile } from '../../site/schema.ts'
import { groundLevelM } from '../kit/architecture-ground.ts'
import type { LayerContext } from '../layers/layer.ts'
import type { RedrawReason } from '../redraw.ts'
import type { OpenStorey } from '../scene-index.ts'
import { type Attention, type Belief, noAttention, type StageLayer } from '../stage-layer.ts'
import { laidOpen, liftM } from '../storeys-apart.ts'
import { CoverageMesh } from './coverage-mesh.ts'
import { rampTexture, writeRamp } from './data-texture.ts'
import { DeviceMarkers } from './device-markers.ts'
import { FieldMesh } from './field-mesh.ts'
import type { FieldPoints, LayerSample, Place } from './field-points.ts'
import { type Feeder, feederKw, feedersOf } from './flow-graph.ts'
import { FlowMesh } from './flow-mesh.ts'
import { fieldGrid } from './heat-field.ts'
import { isFieldLayer, type LayerScale, layerScale, type SceneLayer, shareOf } from './layer-catalogue.ts'
import { type LayerFacts, sameFacts } from './layer-facts.ts'
import { MarkerMesh } from './marker-mesh.ts'
import { PlinthMesh } from './plinth-mesh.ts'
import { rampColor } from './ramps.ts'
import { staleTrust } from './reading-trust.ts'

const sheetM = groundLevelM.pavement + 0.05
const floorM = 0.12
const finestCellM = { floor: 0.5, ground: 1.2 }

interface Floor {
  readonly place: Place
  readonly sheet: FieldMesh
  readonly baseM: number
}

/** What the chosen layer says of a building as a whole. */
export interface BuildingFigure {
  readonly value: number
  readonly unit: string
  readonly digits: number
}

/** What the chosen layer shows, and nothing where none is chosen: everything is built on demand and let go of again. */
export class DataLayers implements StageLayer {
  readonly object = new Group()
  readonly #context: LayerContext
  readonly #ramp = rampTexture('thermal')
  #belief: Belief | undefined
  #layer: SceneLayer = 'none'
  #attention: Attention = noAttention
  #floors: Floor[] = []
  #samples: MarkerMesh | undefined
  #devices: DeviceMarkers | undefined
  #flow: FlowMesh | undefined
  #coverage: CoverageMesh | undefined
  #plinths: PlinthMesh | undefined
  #facts: LayerFacts | undefined
  #figures: ReadonlyMap<string, BuildingFigure> = new Map()

  constructor(context: LayerContext) {
    this.#context = context
  }

  attend(now: Attention): void {
    const changed = now.layer !== this.#layer
    if (!changed && now.open === this.#attention.open && now.apart === this.#attention.apart) return
    this.#layer = now.layer
    this.#attention = now
    if (changed) this.#clear()
    else this.#clearFloors()
    if (this.#belief) this.#refresh(this.#belief)
    else this.#context.host.redraw('layer')
  }

  sync(belief: Belief): void {
    if (belief.registryChanged) {
      this.#flow?.dispose()
      this.#flow = undefined
      this.#devices?.setDevices(belief.state.devices)
    }
    this.#belief = belief
    if (this.#layer !== 'none' && this.#refresh(belief)) this.#context.host.redraw('layer')
  }

  frame(dtMs: number): RedrawReason | undefined {
    if (this.#coverage?.slice()) {
      if (this.#belief) this.#say(this.#coverageFacts(this.#coverage))
      return 'layer'
    }
    // Chevrons point where power goes; for people who ask for less motion they stand.
    return !this.#context.reducedMotion && this.#flow?.advance(dtMs) ? 'flow' : undefined
  }

  ofBuilding(id: string): BuildingFigure | undefined {
    return this.#figures.get(id)
  }

  /** True where anything that can be seen changed. */
  #refresh(belief: Belief): boolean {
    const layer = this.#layer
    if (layer === 'none') {
      this.#say(undefined)
      return true
    }
    if (isFieldLayer(layer)) return this.#refreshField(layer, belief)
    switch (layer) {
      case 'energy':
        return this.#refreshFlow(belief)
      case 'power':
        return this.#refreshLoads(belief)
      case 'coverage':
        return this.#refreshCoverage()
      case 'health':
      case 'network':
        return this.#refreshDevices(layer, belief)
      default:
        return false
    }
  }

  #refreshField(layer: Parameters<FieldPoints['samples']>[0], belief: Belief): boolean {
    const scale = layerScale[layer]
    const samples = belief.bindings.fields.samples(layer, belief.hot, belief.state)
    if (this.#floors.length === 0) this.#buildFloors(scale, samples)
    let changed = false
    for (const { place, sheet } of this.#floors) {
      const here = samples
        .filter((s) => s.place === place)
        .map((s) => ({
          x: s.at[0],
          y: s.at[1],
          value: s.value,
          trust: s.trust,
          room: place === 'ground' ? undefined : s.room,
        }))
      if (sheet.write(here, scale)) changed = true
    }
    if (this.#markSamples(scale, samples)) changed = true
    this.#say(factsOf(layer, samples))
    return changed
  }

  #buildFloors(scale: LayerScale, samples: readonly LayerSample[]): void {
    writeRamp(this.#ramp, scale.ramp)
    const { site } = this.#context.index
    if (samples.some((s) => s.place === 'ground')) {
      const holes = site.buildings.filter((b) => b.facade.style !== 'open').map((b) => b.footprint)
      const grid = fieldGrid(site.ground.boundary, [], finestCellM.ground, holes)
      this.#addFloor('ground', new FieldMesh(grid, sheetM, this.#ramp), 0)
    }
    for (const storey of laidOpen(this.#attention, this.#attention.open)) this.#buildFloor(storey)
  }

  #buildFloor({ parts, storeyAt }: OpenStorey): void {
    const { site, slotOf } = this.#context.index
    const { building } = parts
    const storey = building.storeys[storeyAt]
    if (!storey) return
    const zones = site.zones.filter((z) => z.building === building.id && z.storey === storey.id)
    const grid = fieldGrid(
      building.footprint,
      zones.map((z) => z.polygon),
      finestCellM.floor,
    )
    // Rooms carry the numbers that samples carry.
    for (const [i, room] of grid.rooms.entries()) if (room > 0) grid.rooms[i] = slotOf(zones[room - 1]?.id)
    const baseM = storey.baseM + liftM(this.#attention, building.id, storeyAt)
    this.#addFloor(`${building.id}/${storey.id}`, new FieldMesh(grid, baseM + floorM, this.#ramp), baseM)
  }

  #addFloor(place: Place, sheet: FieldMesh, baseM: number): void {
    this.#floors.push({ place, sheet, baseM })
    this.object.add(sheet.mesh)
  }

  /** Where the readings come from: a field is only as good as its points. */
  #markSamples(scale: LayerScale, samples: readonly LayerSample[]): boolean {
    const floors = new Map(this.#floors.map((f) => [f.place, f.baseM]))
    const shown = samples.filter((s) => floors.has(s.place))
    if (!this.#samples) {
      this.#samples = new MarkerMesh()
      this.object.add(this.#samples.mesh)
    }
    const before = this.#samples.count
    this.#samples.reserve(shown.length)
    let changed = before !== shown.length
    for (const [i, sample] of shown.entries()) {
      const at = [sample.at[0], sample.at[1], (floors.get(sample.place) ?? 0) + 0.5] as const
      const marker = {
        at,
        color: rampColor(scale.ramp, shareOf(scale, sample.value)),
        shape: sample.trust < staleTrust ? ('ring' as const) : ('disc' as const),
        sizePx: 10,
      }
      if (this.#samples.set(i, marker)) changed = true
    }
    this.#samples.count = shown.length
    return changed
  }

  #refreshFlow(belief: Belief): boolean {
    const { palette, index } = this.#context
    if (!this.#flow) {
      const colors = {
        load: palette.accent,
        solar: palette.medium,
        battery: palette.good,
        grid: palette.low,
        idle: palette.offline,
      }
      this.#flow = new FlowMesh(feedersOf(index.site, belief.state.devices), colors, (f) => feederKind(f, index.site))
      this.object.add(this.#flow.object)
    }
    const kwOf = (feeder: Feeder) => feederKw(feeder, belief.hot.value)
    const changed = this.#flow.write(kwOf)
    this.#figures = new Map(
      this.#flow.feeders.flatMap((feeder) => {
        const value = kwOf(feeder)
        const known = feeder.building !== undefined && Number.isFinite(value)
        return known
          ? [[feeder.building ?? '', { value, unit: 'kW', digits: Math.abs(value) < 10 ? 1 : 0 }] as const]
          : []
      }),
    )
    this.#say(flowFacts(this.#flow.feeders, belief, index.site))
    return changed
  }

  #refreshLoads(belief: Belief): boolean {
    const { site } = this.#context.index
    const scale = layerScale.power
    if (!this.#plinths) {
      writeRamp(this.#ramp, scale.ramp)
      this.#plinths = new PlinthMesh(site, sheetM)
      this.object.add(this.#plinths.mesh)
    }
    const loads = belief.bindings.fields.loads(belief.hot, belief.state)
    const colors = new Map(loads.map((l) => [l.building, rampColor(scale.ramp, shareOf(scale, l.value))]))
    const values = loads.map((l) => l.value)
    this.#figures = new Map(loads.map((l) => [l.building, { value: l.value, unit: scale.unit, digits: scale.digits }]))
    this.#say({
      layer: 'power',
      samples: loads.length,
      stale: loads.filter((l) => l.trust < staleTrust).length,
      newestAtMs: 0,
      ...extent(values),
    })
    return this.#plinths.write(colors)
  }

  #refreshCoverage(): boolean {
    const { index, palette } = this.#context
    if (this.#coverage) return false
    this.#coverage = new CoverageMesh(index.site, sheetM, palette.accent, palette.high)
    this.object.add(this.#coverage.mesh)
    this.#coverage.slice()
    this.#say(this.#coverageFacts(this.#coverage))
    return true
  }

  #coverageFacts({ progress }: CoverageMesh): LayerFacts {
    return { ...noFacts('coverage'), samples: progress.cameras, coverage: progress }
  }

  #refreshDevices(layer: 'health' | 'network', belief: Belief): boolean {
    if (!this.#devices) {
      this.#devices = new DeviceMarkers(this.#context, layer)
      this.#devices.setDevices(belief.state.devices)
      this.object.add(this.#devices.mesh)
    }
    const { changed, facts } = this.#devices.sync(belief.state, belief.hot)
    this.#say(facts)
    return changed
  }

  #say(facts: LayerFacts | undefined): void {
    if (sameFacts(facts, this.#facts)) return
    this.#facts = facts
    this.#context.host.facts(facts)
  }

  #clearFloors(): void {
    for (const { sheet } of this.#floors) sheet.dispose()
    this.#floors = []
  }

  #clear(): void {
    this.#clearFloors()
    for (const part of [this.#samples, this.#devices, this.#flow, this.#coverage, this.#plinths]) part?.dispose()
    this.#samples = undefined
    this.#devices = undefined
    this.#flow = undefined
    this.#coverage = undefined
    this.#plinths = undefined
    this.#figures = new Map()
  }

  dispose(): void {
    this.#clear()
    this.#ramp.dispose()
    this.object.removeFromParent()
  }
}

function noFacts(layer: SceneLayer): LayerFacts {
  return { layer, samples: 0, stale: 0, newestAtMs: 0, lowest: undefined, highest: undefined }
}

function factsOf(layer: SceneLayer, samples: readonly LayerSample[]): LayerFacts {
  return {
    layer,
    samples: samples.length,
    stale: samples.filter((s) => s.trust < staleTrust).length,
    newestAtMs: samples.reduce((newest, s) => Math.max(newest, s.atMs), 0),
    ...extent(samples.map((s) => s.value)),
  }
}

function extent(values: readonly number[]): Pick<LayerFacts, 'lowest' | 'highest'> {
  const round = (value: number) => Math.round(value * 10) / 10
  return values.length === 0
    ? { lowest: undefined, highest: undefined }
    : { lowest: round(Math.min(...values)), highest: round(Math.max(...values)) }
}

function feederKind(feeder: Feeder, site: SiteFile): 'load' | 'solar' | 'battery' | 'grid' {
  const item = site.equipment.find((e) => e.id === feeder.id)
  if (item?.meteredBy === undefined) return 'grid'
  if (/batter/i.test(item.class)) return 'battery'
  return feeder.sign < 0 ? 'solar' : 'load'
}

function flowFacts(feeders: readonly Feeder[], { hot, state }: Belief, site: SiteFile): LayerFacts {
  const sum = { grid: 0, solar: 0, battery: 0, load: 0 }
  let samples = 0
  let newestAtMs = 0
  for (const feeder of feeders) {
    const kw = feederKw(feeder, hot.value)
    if (!Number.isFinite(kw)) continue
    samples++
    newestAtMs = Math.max(newestAtMs, hot.atMs[feeder.index] ?? 0)
    sum[feederKind(feeder, site)] += kw
  }
  const whole = (kw: number) => Math.round(kw)
  return {
    ...noFacts('energy'),
    samples,
    newestAtMs: Math.min(newestAtMs, state.siteNowMs),
    flow: {
      gridKw: whole(sum.grid),
      solarKw: whole(-sum.solar),
      batteryKw: whole(sum.battery),
      feeders: feeders.length,
    },
  }
}
