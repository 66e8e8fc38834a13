import { Color, Group, Mesh } from 'three'
import { paneGeometry, partGeometry } from '../gpu-geometry.ts'
import { buildingMeshes } from '../kit/architecture-building.ts'
import { PaneBuilder } from '../kit/architecture-facade.ts'
import { pvMesh, pvTables } from '../kit/architecture-pv.ts'
import { rgb } from '../kit/mesh.ts'
import { glassMaterial, modelMaterial, partDepthMaterial } from '../materials.ts'
import { facadeTone } from '../palette.ts'
import type { Prism } from '../picking.ts'
import type { Picked } from '../selection.ts'
import type { Attention, StageLayer, TargetSink } from '../stage-layer.ts'
import { GpuStore, type LayerContext, still } from './layer.ts'

/** Buildings with their glass and solar tables; the open one is cut above its storey. */
export class BuildingLayer implements StageLayer {
  readonly object = new Group()
  readonly #gpu = new GpuStore()
  readonly #context: LayerContext
  #open: Attention['open']

  constructor(context: LayerContext) {
    this.#context = context
    this.#addBuildings(context)
    for (const child of this.object.children) still(child)
  }

  attend({ selected, hovered, open }: Attention): void {
    const { index, uniforms } = this.#context
    const range = (p: Picked | undefined): readonly [number, number] => {
      const parts = p?.kind === 'building' ? index.partsOf.get(p.id) : undefined
      return parts ? [parts.firstPart, parts.roofPart] : [1, 0]
    }
    uniforms.uMarked.value.set(...range(selected), ...range(hovered))
    this.#open = open
    const storey = open?.parts.building.storeys[open.storeyAt]
    if (open && storey) {
      const part = open.parts.firstPart + open.storeyAt
      uniforms.uCut.value.set(part + 1, open.parts.roofPart, part, storey.baseM + 1.3)
    } else uniforms.uCut.value.set(1, 0, -1, 0)
  }

  /** The buildings as they stand now, the open one cut at its storey. */
  get prisms(): readonly Prism[] {
    const open = this.#open
    const storey = open?.parts.building.storeys[open.storeyAt]
    return this.#context.index.parts.map((p): Prism => {
      const cut = p === open?.parts && storey ? storey.baseM : p.topM + p.building.roof.parapetM
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

  #addBuildings({ index, palette, quality, uniforms }: LayerContext): void {
    const panes = new PaneBuilder()
    const colors = { roof: rgb(palette.roof), steel: rgb(palette.steel), frame: rgb('#c9ccce'), slab: rgb('#d9d3c7') }
    const parts = index.parts.flatMap((p) =>
      buildingMeshes(
        {
          site: index.site,
          parts: p,
          slotOf: index.slotOf,
          tone: facadeTone(palette, p.building.facade.color),
          colors,
          detail: quality.detail,
        },
        panes,
      ),
    )
    const tables = pvTables(index.site)
    for (const p of index.parts) {
      const own = tables.filter((t) => index.equipmentOf.get(t.inverterId)?.building === p.building.id)
      if (own.length > 0)
        parts.push({
          part: p.roofPart,
          mesh: pvMesh(own, { pv: rgb(palette.pv), steel: colors.steel }, quality.detail === 'high'),
        })
    }
    const walls = new Mesh(
      this.#gpu.keep(partGeometry(parts)),
      this.#gpu.keep(modelMaterial(uniforms, { plain: quality.plain, parts: true })),
    )
    walls.castShadow = true
    walls.receiveShadow = true
    walls.customDepthMaterial = this.#gpu.keep(partDepthMaterial(uniforms))
    walls.frustumCulled = false
    const glass = new Mesh(
      this.#gpu.keep(paneGeometry(panes)),
      this.#gpu.keep(glassMaterial(uniforms, new Color(palette.glass), quality.plain)),
    )
    glass.frustumCulled = false
    glass.castShadow = true
    glass.customDepthMaterial = walls.customDepthMaterial
    this.object.add(walls, glass)
  }

  dispose(): void {
    this.#gpu.dispose()
    this.object.clear()
    this.object.removeFromParent()
  }
}
