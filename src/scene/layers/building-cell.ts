import { Group, InstancedMesh, type Material, Mesh } from 'three'
import type { Cell } from '../cells.ts'
import { paneGeometry, partGeometry } from '../gpu-geometry.ts'
import type { PartMesh } from '../kit/architecture-building.ts'
import { PaneBuilder } from '../kit/architecture-facade.ts'
import { single, still } from './layer.ts'

/** How finely buildings are drawn. `massing` is for what is far away. */
export const buildingDetails = ['massing', 'low', 'high'] as const
export type BuildingDetail = (typeof buildingDetails)[number]

export interface BuildingMaterials {
  readonly walls: Material
  readonly glass: Material
  readonly depth: Material
}

/** Adds one building's glass to `panes` and returns its other parts. */
export type BuildBuilding = (at: number, detail: BuildingDetail, panes: PaneBuilder) => PartMesh[]

interface Work {
  readonly detail: BuildingDetail
  readonly panes: PaneBuilder
  readonly parts: PartMesh[]
  next: number
}

/** The buildings of one cell: two draws, in each detail that was asked for so far. */
export class BuildingCell {
  readonly object = new Group()
  readonly cell: Cell
  readonly #build: BuildBuilding
  readonly #materials: BuildingMaterials
  readonly #made = new Map<BuildingDetail, readonly Mesh[]>()
  #shown: BuildingDetail | undefined
  #work: Work | undefined

  constructor(cell: Cell, build: BuildBuilding, materials: BuildingMaterials) {
    this.cell = cell
    this.#build = build
    this.#materials = materials
    this.object.matrixAutoUpdate = false
  }

  get shown(): BuildingDetail | undefined {
    return this.#shown
  }

  has(detail: BuildingDetail): boolean {
    return this.#made.has(detail)
  }

  show(detail: BuildingDetail): void {
    if (detail === this.#shown) return
    this.#shown = detail
    for (const [made, meshes] of this.#made) for (const mesh of meshes) mesh.visible = made === detail
  }

  /** Goes on building until `deadline` says stop; true when the detail is there. */
  make(detail: BuildingDetail, deadline: () => boolean): boolean {
    if (this.#made.has(detail)) return true
    if (this.#work?.detail !== detail) this.#work = { detail, panes: new PaneBuilder(), parts: [], next: 0 }
    const work = this.#work
    const { members } = this.cell
    while (work.next < members.length) {
      work.parts.push(...this.#build(members[work.next++] as number, detail, work.panes))
      if (deadline()) return false
    }
    this.#work = undefined
    this.#made.set(detail, this.#meshes(work))
    return true
  }

  #meshes({ parts, panes, detail }: Work): Mesh[] {
    const { walls, glass, depth } = this.#materials
    const meshes: Mesh[] = [single(partGeometry(parts), walls)]
    if (panes.count > 0) meshes.push(still(new Mesh(paneGeometry(panes), glass)))
    for (const mesh of meshes) {
      mesh.castShadow = true
      mesh.customDepthMaterial = depth
      mesh.visible = detail === this.#shown
      this.object.add(mesh)
    }
    if (meshes[0]) meshes[0].receiveShadow = true
    return meshes
  }

  /** Gives a detail's buffers back. */
  drop(detail: BuildingDetail): void {
    for (const mesh of this.#made.get(detail) ?? []) {
      mesh.geometry.dispose()
      if (mesh instanceof InstancedMesh) mesh.dispose()
      mesh.removeFromParent()
    }
    this.#made.delete(detail)
  }

  dispose(): void {
    for (const detail of [...this.#made.keys()]) this.drop(detail)
    this.object.removeFromParent()
  }
}
