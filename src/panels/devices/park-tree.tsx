import { useMemo } from 'react'
import { useStore } from 'zustand'
import { sceneTree } from '../../scene/scene-tree.ts'
import { EmptyState } from '../../ui/layout.tsx'
import { useText } from '../../ui/preferences.tsx'
import { TreeView } from '../../ui/tree-view.tsx'
import { useNavigation } from '../navigation.tsx'
import { usePorts } from '../ports.tsx'
import { useNames, useSelection, useTwin } from '../use-twin.ts'
import { nodeId, picksByNode, treeNodes } from './tree-nodes.ts'

/** The scene's equivalent for keyboard and screen reader; mirrors the shared selection. */
export function ParkTree() {
  const text = useText()
  const names = useNames()
  const site = useTwin((state) => state.site)
  const devices = useTwin((state) => state.devices)
  const [selected, show] = useSelection()
  const { selection } = usePorts()
  const many = useStore(selection, (state) => state.many)
  const chosen = useMemo(() => new Set(many.map(nodeId)), [many])
  const { go } = useNavigation()
  const root = useMemo(() => site && sceneTree(site, devices), [site, devices])
  const picks = useMemo(() => root && picksByNode(root), [root])
  const nodes = useMemo(
    () => (root ? treeNodes(root, devices, names, text.park.offline) : []),
    [root, devices, names, text],
  )
  if (!picks || nodes.length === 0) return <EmptyState title={text.park.waiting} body={text.park.waitingBody} />
  return (
    <section className="scroll" aria-label={text.park.title}>
      <p className="panel-note">{text.park.devices(devices.size)}</p>
      <TreeView
        label={text.park.tree}
        nodes={nodes}
        selectedId={selected && nodeId(selected)}
        selectedIds={chosen}
        initiallyOpen={[]}
        onSelect={(id, adding) => {
          const picked = picks.get(id)
          if (!picked) return
          if (adding) selection.getState().toggle(picked)
          else show(picked)
          // The tree is for walking: only a leaf calls its panel to the front.
          if (adding || (picked.kind !== 'device' && picked.kind !== 'camera'))
            go({ detailTab: 'park', section: 'park' })
        }}
      />
    </section>
  )
}
