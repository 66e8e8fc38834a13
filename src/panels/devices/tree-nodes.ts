import type { SceneNode } from '../../scene/scene-tree.ts'
import type { Picked } from '../../scene/selection.ts'
import type { TwinDevice } from '../../twin/twin.ts'
import type { TreeNode } from '../../ui/tree-model.ts'
import type { Names } from '../names.ts'

/** The scene's tree as the primitive wants it: names in the reader's language, offline devices marked. */
export function treeNodes(
  root: SceneNode,
  devices: ReadonlyMap<string, TwinDevice>,
  names: Names,
  offlineWord: string,
): TreeNode[] {
  const nodeOf = (node: SceneNode): TreeNode => {
    const offline = node.pick !== undefined && devices.get(node.pick.id)?.online === false
    const common = {
      id: node.pick ? nodeId(node.pick) : node.key,
      label: names.text(node.name),
      ...(offline ? { note: offlineWord, tone: 'muted' as const } : {}),
    }
    return node.children.length === 0 ? common : { ...common, children: node.children.map(nodeOf) }
  }
  return root.children.map(nodeOf)
}

export function nodeId(picked: Picked): string {
  return `${picked.kind}:${picked.id}`
}

/** What each node stands for; mere headings are missing. */
export function picksByNode(root: SceneNode): Map<string, Picked> {
  const picks = new Map<string, Picked>()
  const walk = (node: SceneNode): void => {
    if (node.pick) picks.set(nodeId(node.pick), node.pick)
    for (const child of node.children) walk(child)
  }
  walk(root)
  return picks
}
