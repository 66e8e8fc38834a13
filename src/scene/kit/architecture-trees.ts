import type { SiteFile } from '../../site/schema.ts'
import type { Detail } from './architecture-facade.ts'
import { type KitMesh, MeshBuilder, type Rgb, rgb, shade } from './mesh.ts'

export type TreeSpecies = SiteFile['ground']['trees'][number]['species']
export const treeSpecies: readonly TreeSpecies[] = ['broadleaf', 'conifer', 'column']

const bark = rgb('#8d7b66')
const crowns: Readonly<Record<TreeSpecies, Rgb>> = {
  broadleaf: rgb('#7f9b6c'),
  conifer: rgb('#5f7f68'),
  column: rgb('#8aa06a'),
}

/** A tree of height 1 whose crown is a handful of facets, as in a model; instances scale it. */
export function treeMesh(species: TreeSpecies, detail: Detail): KitMesh {
  const builder = new MeshBuilder()
  const fine = detail === 'high'
  const green = crowns[species]
  builder.tube([0, 0, 0], [0, 0, 0.4], 0.03, 0.02, bark, fine ? 5 : 3)
  switch (species) {
    case 'broadleaf':
      addBroadleaf(builder, green, fine)
      break
    case 'conifer':
      for (const [
        z,
        r,
        h,
      ] of fine ? [[0.18, 0.24, 0.4], [0.42, 0.19, 0.34], [0.64, 0.13, 0.36]] as const : [[0.18, 0.24, 0.82]] as const) // biome-ignore format: tiers
        builder.tube([0, 0, z], [0, 0, z + h], r, 0.004, shade(green, 0.85 + 0.3 * z), fine ? 8 : 5, fine)
      break
    case 'column':
      builder.ellipsoid([0, 0, 0.58], [0.13, 0.13, 0.43], green, fine ? 8 : 5, fine ? 6 : 3)
      break
  }
  return builder.build()
}

function addBroadleaf(builder: MeshBuilder, green: Rgb, fine: boolean): void {
  if (!fine) return builder.ellipsoid([0, 0, 0.66], [0.36, 0.36, 0.34], green, 6, 4)
  builder.ellipsoid([0, 0, 0.68], [0.3, 0.3, 0.31], green, 9, 6)
  builder.ellipsoid([0.17, 0.06, 0.55], [0.22, 0.21, 0.2], shade(green, 0.9), 7, 5)
  builder.ellipsoid([-0.13, 0.14, 0.57], [0.2, 0.22, 0.19], shade(green, 0.94), 7, 5)
  builder.ellipsoid([-0.06, -0.18, 0.54], [0.22, 0.2, 0.19], shade(green, 0.86), 7, 5)
}

/** Any tree seen from afar: height 1, white, so that each instance brings its own green. */
export function distantTreeMesh(): KitMesh {
  const builder = new MeshBuilder()
  const white: Rgb = [1, 1, 1]
  builder.tube([0, 0, 0.14], [0, 0, 0.6], 0.18, 0.34, shade(white, 0.8), 4)
  builder.tube([0, 0, 0.6], [0, 0, 1], 0.34, 0.03, white, 4)
  return builder.build()
}

export function distantTreeColor(species: TreeSpecies): Rgb {
  return crowns[species]
}
