import type { SiteFile } from '../../site/schema.ts'
import type { PathGraph, Travel } from './path-graph.ts'

/** Two places each at which people and vehicles come and go. */
export type Entries = Readonly<Record<Travel, readonly string[]>>

/** As the site says, else the nodes farthest west and east. */
export function entriesOf(site: SiteFile, graph: PathGraph): Entries {
  const told = site.life?.entries
  const outermost = (travel: Travel): string[] => {
    const nodes = site.paths.nodes.filter(({ id }) => graph.leads(travel, id)).sort((a, b) => a.at[0] - b.at[0])
    return [nodes[0]?.id, nodes.at(-1)?.id].filter((id) => id !== undefined)
  }
  return {
    walk: told?.walk.length ? told.walk : outermost('walk'),
    drive: told?.drive.length ? told.drive : outermost('drive'),
  }
}
