import { BufferAttribute, type BufferGeometry, Color, Group, Mesh, SRGBColorSpace } from 'three'
import { filmGeometry } from '../film-material.ts'
import { geometryOf, mergeMeshes } from '../gpu-geometry.ts'
import { type GroundColors, groundLevelM, groundMesh } from '../kit/architecture-ground.ts'
import { contactShadeMesh, fenceMesh, fencePanelMesh, pavingMesh, pondRimMesh } from '../kit/architecture-outdoors.ts'
import { offsetPolygon, triangulate } from '../kit/architecture-polygon.ts'
import { type KitMesh, rgb } from '../kit/mesh.ts'
import { groundPart } from '../materials.ts'
import type { ScenePalette } from '../palette.ts'
import type { StageLayer } from '../stage-layer.ts'
import { surroundingKind, withKinds } from '../surroundings.ts'
import { GpuStore, type LayerContext, still } from './layer.ts'

function groundColors(palette: ScenePalette): GroundColors {
  return {
    plate: rgb(palette.plate),
    plateSide: rgb(palette.plateSide),
    lawn: rgb(palette.lawn),
    road: rgb(palette.road),
    marking: rgb(palette.marking),
    kerb: rgb(palette.kerb),
    pavement: rgb(palette.pavement),
    bay: rgb(palette.bay),
    steel: rgb(palette.steel),
  }
}

/** Board, ground, fences and water. */
export class GroundLayer implements StageLayer {
  readonly object = new Group()
  readonly #gpu = new GpuStore()

  constructor(context: LayerContext) {
    this.#addGround(context)
    this.#addWater(context)
    for (const child of this.object.children) still(child)
  }

  #addGround({ index, palette, quality, solid, film }: LayerContext): void {
    const colors = groundColors(palette)
    const { site } = index
    const fine = quality.detail === 'high'
    const meshes = [groundMesh(site, colors), pavingMesh(site, colors, fine), pondRimMesh(site, colors)]
    const flat = this.#gpu.single(this.#gpu.keep(groundGeometry(mergeMeshes(meshes))), solid)
    flat.receiveShadow = true
    const fence = this.#gpu.single(this.#gpu.keep(groundGeometry(fenceMesh(site, colors, fine ? 3 : 0))), solid)
    fence.castShadow = fine
    const wire = fencePanelMesh(site, colors.steel)
    const panels = new Mesh(this.#gpu.keep(filmGeometry(wire, new Color('#8f979c'), () => 0.2)), film)
    panels.renderOrder = 2
    const shade = contactShadeMesh(site, 5)
    const dark = new Color().setRGB(0.05, 0.06, 0.09, SRGBColorSpace)
    const soft = (vertex: number) => 0.42 * (shade.colors[vertex * 3] ?? 0) ** 2
    const contact = new Mesh(this.#gpu.keep(filmGeometry(shade, dark, soft)), film)
    contact.renderOrder = 1
    this.object.add(flat, fence, panels, contact)
  }

  #addWater({ index, surroundings }: LayerContext): void {
    const ponds = index.site.ground.water.map((w) => offsetPolygon(w.polygon, -0.02))
    if (ponds.length === 0) return
    const positions: number[] = []
    const indices: number[] = []
    for (const pond of ponds) {
      const first = positions.length / 3
      for (const [x, y] of pond) positions.push(x, y, groundLevelM.water)
      indices.push(...triangulate(pond).map((i) => i + first))
    }
    const geometry = this.#gpu.keep(withKinds(Float32Array.from(positions), () => surroundingKind.water))
    geometry.setIndex(indices)
    const water = new Mesh(geometry, surroundings)
    // With the sky, whose material it shares.
    water.renderOrder = 1
    this.object.add(water)
  }

  dispose(): void {
    this.#gpu.dispose()
    this.object.clear()
    this.object.removeFromParent()
  }
}

function groundGeometry(mesh: KitMesh): BufferGeometry {
  const geometry = geometryOf(mesh)
  const parts = new Float32Array(geometry.getAttribute('position').count).fill(groundPart)
  return geometry.setAttribute('part', new BufferAttribute(parts, 1))
}
