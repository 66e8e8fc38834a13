import { Color, Group } from 'three'
import { systemClock } from '../../platform/clock.ts'
import { type Cell, cellSizeM, cellsOf, distanceToCell, oneCell, type Spot } from '../cells.ts'
import { glassMaterial } from '../glass-material.ts'
import { type BuildingInput, buildingMeshes, type PartMesh } from '../kit/architecture-building.ts'
import type { PaneBuilder } from '../kit/architecture-facade.ts'
import { boardOf } from '../kit/architecture-ground.ts'
import { buildingMassing } from '../kit/architecture-massing.ts'
import { type PvTable, pvMesh, pvTables } from '../kit/architecture-pv.ts'
import { rgb } from '../kit/mesh.ts'
import { partDepthMaterial } from '../materials.ts'
import { facadeTone } from '../palette.ts'
import type { Prism } from '../picking.ts'
import type { RedrawReason } from '../redraw.ts'
import type { Picked } from '../selection.ts'
import type { Attention, Eye, StageLayer, TargetSink } from '../stage-layer.ts'
import { apartUniform, mostApart } from '../storeys-apart.ts'
import { BuildingCell, type BuildingDetail, type BuildingMaterials, buildingDetails } from './building-cell.ts'
import { GpuStore, type LayerContext } from './layer.ts'

/** Up to so many buildings are one cell in full detail: fewer draws are worth more than leaving some out. */
const mostInOneCell = 40
const cellsWanted = 20
const leastCellM = 120
/** A detail is drawn where what it adds is larger than this: windows of 1.5 m, reveals of 0.2 m. */
const worthPx = 2.2
const adds: Readonly<Record<BuildingDetail, number>> = { massing: Number.POSITIVE_INFINITY, low: 1.5, high: 0.2 }
const hysteresis = 1.15
/** Main thread time that refining may take of one frame: this share of what frames take, within bounds. */
const slice = { share: 0.3, leastMs: 5, mostMs: 30 } as const
/** Cells whose fine buffers are kept though they are drawn coarsely. */
const mostKept = 10

/** Buildings with their glass and solar tables; the open one is cut above its storey. Far ones are plain. */
export class BuildingLayer implements StageLayer {
  readonly object = new Group()
  readonly #gpu = new GpuStore()
  readonly #context: LayerContext
  readonly #cells: readonly BuildingCell[]
  /** Cells of those that a model may stand for; each is alone in its cell. */
  readonly #modelled = new Map<string, BuildingCell>()
  readonly #tables: ReadonlyMap<string, readonly PvTable[]>
  readonly #finest: BuildingDetail
  readonly #plain: boolean
  /** Cells that shall be drawn in a detail that is not there yet, nearest first. */
  #wanted: { readonly cell: BuildingCell; readonly detail: BuildingDetail; readonly distanceM: number }[] = []
  #open: Attention['open']
  #apart: Attention['apart']
  #alone: Attention['alone']

  constructor(context: LayerContext) {
    this.#context = context
    this.#finest = context.quality.detail
    this.#tables = tablesByBuilding(context)
    this.#plain = context.index.parts.length <= mostInOneCell
    const materials = this.#materials()
    const build = (at: number, detail: BuildingDetail, panes: PaneBuilder) => this.#build(at, detail, panes)
    this.#cells = this.#grid().map((cell) => new BuildingCell(cell, build, materials))
    const first = this.#plain ? this.#finest : 'massing'
    for (const cell of this.#cells) {
      cell.show(first)
      cell.make(first, () => false)
      this.object.add(cell.object)
      const { building } = context.index.parts[cell.cell.members[0] ?? -1] ?? {}
      if (building?.model !== undefined) this.#modelled.set(building.id, cell)
    }
  }

  /** Whether a model stands for this building now, so that nothing else is drawn in its place. */
  standIn(buildingId: string, stands: boolean): void {
    const cell = this.#modelled.get(buildingId)
    if (cell) cell.object.visible = !stands
  }

  attend({ selected, hovered, open, apart, alone }: Attention): void {
    const { index, uniforms } = this.#context
    const range = (p: Picked | undefined): readonly [number, number] => {
      const parts = p?.kind === 'building' ? index.partsOf.get(p.id) : undefined
      return parts ? [parts.firstPart, parts.roofPart] : [1, 0]
    }
    uniforms.uMarked.value.set(...range(selected), ...range(hovered))
    this.#open = open
    this.#apart = apart
    this.#alone = alone
    uniforms.uApart.value.set(...apartUniform({ apart }))
    uniforms.uFloors.value.set(apart?.building.storeys.slice(0, mostApart).map((s) => s.baseM) ?? [])
    uniforms.uAlone.value.set(alone?.firstPart ?? 1, alone?.roofPart ?? 0)
    const storey = open?.parts.building.storeys[open.storeyAt]
    if (apart) uniforms.uCut.value.set(uniforms.uApart.value.y + 1, apart.roofPart, -1, 0)
    else if (open && storey) {
      const part = open.parts.firstPart + open.storeyAt
      uniforms.uCut.value.set(part + 1, open.parts.roofPart, part, storey.baseM + 1.3)
    } else uniforms.uCut.value.set(1, 0, -1, 0)
  }

  look(eye: Eye): void {
    if (this.#plain) return
    this.#wanted = []
    let refined = false
    for (const cell of this.#cells) {
      const distanceM = distanceToCell(eye, cell.cell)
      const detail = this.#detailAt(cell, distanceM, eye.pxPerRad)
      if (detail === cell.shown) continue
      if (cell.has(detail)) {
        cell.show(detail)
        refined = true
      } else this.#wanted.push({ cell, detail, distanceM })
    }
    this.#wanted.sort((a, b) => a.distanceM - b.distanceM)
    if (refined) this.#context.host.castersMoved()
    if (this.#wanted.length > 0) this.#context.host.redraw('detail')
  }

  /** Refines what came near, a few milliseconds of each frame; more where frames are slow anyway. */
  frame(dtMs: number): RedrawReason | undefined {
    const next = this.#wanted[0]
    if (!next) return undefined
    const untilMs = systemClock.monotonicMs() + Math.max(slice.leastMs, Math.min(slice.mostMs, dtMs * slice.share))
    if (next.cell.make(next.detail, () => systemClock.monotonicMs() > untilMs)) {
      next.cell.show(next.detail)
      this.#wanted.shift()
      this.#forget(next.cell)
      this.#context.host.castersMoved()
    }
    return 'detail'
  }

  #detailAt(cell: BuildingCell, distanceM: number, pxPerRad: number): BuildingDetail {
    const most = buildingDetails.indexOf(this.#finest)
    const shown = buildingDetails.indexOf(cell.shown ?? 'massing')
    for (let at = most; at > 0; at--) {
      const detail = buildingDetails[at] as BuildingDetail
      const px = (adds[detail] * pxPerRad) / Math.max(1, distanceM)
      if (px > (shown >= at ? worthPx / hysteresis : worthPx)) return detail
    }
    return 'massing'
  }

  /** Fine buffers of cells that nobody sees finely are given back, beyond a few that may be seen again. */
  #forget(latest: BuildingCell): void {
    const fine = buildingDetails.slice(1)
    const idle = this.#cells.filter((c) => c !== latest && c.shown === 'massing' && fine.some((d) => c.has(d)))
    for (const cell of idle.slice(mostKept)) for (const detail of fine) cell.drop(detail)
  }

  /** The buildings as they stand now, the open one cut at its storey. */
  get prisms(): readonly Prism[] {
    const open = this.#open
    const storey = open?.parts.building.storeys[open.storeyAt]
    return this.#context.index.parts.map((p): Prism => {
      const opened = p === this.#apart ? p.building.baseM : p === open?.parts && storey ? storey.baseM : undefined
      const whole = this.#alone && p !== this.#alone ? p.building.baseM + 0.35 : p.topM + p.building.roof.parapetM
      const cut = opened ?? whole
      return {
        pick: { kind: 'building', id: p.building.id },
        polygon: p.building.footprint,
        lowM: p.building.baseM,
        highM: cut,
      }
    })
  }

  addTargets({ prisms }: TargetSink): void {
    prisms.push(...this.prisms)
  }

  #materials(): BuildingMaterials {
    const { uniforms, palette, quality, solid } = this.#context
    return {
      walls: solid,
      glass: this.#gpu.keep(glassMaterial(uniforms, new Color(palette.glass), quality)),
      depth: this.#gpu.keep(partDepthMaterial(uniforms)),
    }
  }

  #grid(): readonly Cell[] {
    const { site, parts } = this.#context.index
    const board = boardOf(site.ground)
    const spots = parts.map(({ building, topM }): Spot => {
      const xs = building.footprint.map((p) => p[0])
      const ys = building.footprint.map((p) => p[1])
      const [west, east, south, north] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
      return {
        eastM: (west + east) / 2,
        northM: (south + north) / 2,
        upM: topM / 2,
        reachM: Math.max(east - west, north - south, topM) / 2,
      }
    })
    const numbers = (modelled: boolean) =>
      spots.flatMap((_, at) => ((parts[at]?.building.model !== undefined) === modelled ? [at] : []))
    const alone = numbers(true).map((at) => ({ ...oneCell([spots[at] as Spot]), members: [at] }))
    const rest = numbers(false)
    const shared = rest.map((at) => spots[at] as Spot)
    const sizeM = cellSizeM(board.east - board.west, board.north - board.south, cellsWanted, leastCellM)
    const cells = this.#plain ? (shared.length > 0 ? [oneCell(shared)] : []) : cellsOf(shared, sizeM)
    return [...cells.map((cell) => ({ ...cell, members: cell.members.map((i) => rest[i] as number) })), ...alone]
  }

  #build(at: number, detail: BuildingDetail, panes: PaneBuilder): PartMesh[] {
    const { index, palette } = this.#context
    const parts = index.parts[at]
    if (!parts) return []
    const colors = { roof: rgb(palette.roof), steel: rgb(palette.steel), frame: rgb('#c9ccce'), slab: rgb('#d9d3c7') }
    const input: BuildingInput = {
      site: index.site,
      parts,
      slotOf: index.slotOf,
      zonesOf: index.zonesOf,
      tone: facadeTone(palette, parts.building.facade.color),
      colors,
      detail: detail === 'high' ? 'high' : 'low',
    }
    const meshes = detail === 'massing' ? buildingMassing(input, panes) : buildingMeshes(input, panes)
    const tables = this.#tables.get(parts.building.id)
    if (tables)
      meshes.push({
        part: parts.roofPart,
        mesh: pvMesh(tables, { pv: rgb(palette.pv), steel: colors.steel }, detail === 'high'),
      })
    return meshes
  }

  dispose(): void {
    for (const cell of this.#cells) cell.dispose()
    this.#gpu.dispose()
    this.object.clear()
    this.object.removeFromParent()
  }
}

function tablesByBuilding({ index }: LayerContext): ReadonlyMap<string, readonly PvTable[]> {
  const byBuilding = new Map<string, PvTable[]>()
  for (const table of pvTables(index.site)) {
    const building = index.equipmentOf.get(table.inverterId)?.building ?? ''
    const list = byBuilding.get(building)
    if (list) list.push(table)
    else byBuilding.set(building, [table])
  }
  return byBuilding
}
