/** Runs inside the page: one park after the other in the same scene, as when a console is sent to another site. */
import type { RootState } from '@react-three/fiber'
import type { SceneView } from '../../src/scene/scene-view.ts'
import type { SiteFile } from '../../src/site/schema.ts'
import type { Twin } from '../../src/twin/twin.ts'

export interface GpuCounts {
  readonly geometries: number
  readonly textures: number
  readonly programs: number
  /** Children of the scene and labels in the document. */
  readonly objects: number
  readonly nodes: number
}

export interface SwitchInput {
  readonly root: RootState
  readonly twin: Twin
  readonly view: () => SceneView | undefined
  readonly sites: readonly SiteFile[]
}

/** Shows the sites by turns, `times` in all, each until it has been drawn; ends with the first. */
export async function switchSites({ root, twin, view, sites }: SwitchInput, times: number): Promise<GpuCounts> {
  for (let i = 1; i <= times; i++) {
    const site = sites[i === times ? 0 : i % sites.length]
    if (!site) throw new Error('no site to switch to')
    const before = view()
    if (before?.stage.index.site !== site) {
      twin.apply({ type: 'site', site })
      twin.beat()
      while (view() === undefined || view() === before) await frame()
    }
    await drawn(view)
  }
  return {
    geometries: root.gl.info.memory.geometries,
    textures: root.gl.info.memory.textures,
    programs: root.gl.info.programs?.length ?? 0,
    objects: root.scene.children.length,
    nodes: document.querySelectorAll('*').length,
  }
}

async function drawn(view: () => SceneView | undefined): Promise<void> {
  let last = -1
  for (let calm = 0; calm < 4; ) {
    await frame()
    const total = view()?.redraw.framesTotal ?? 0
    calm = total > 0 && total === last ? calm + 1 : 0
    last = total
  }
}

function frame(): Promise<unknown> {
  return new Promise((resolve) => requestAnimationFrame(resolve))
}
