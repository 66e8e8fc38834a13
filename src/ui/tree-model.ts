export interface TreeNode {
  readonly id: string
  readonly label: string
  /** Said after the label, e.g. a live figure. */
  readonly note?: string
  readonly tone?: 'critical' | 'muted'
  readonly children?: readonly TreeNode[]
}

export interface TreeRow {
  readonly node: TreeNode
  /** 1 at the root. */
  readonly level: number
  readonly parentId: string | undefined
  readonly position: number
  readonly siblings: number
}

/** The rows on screen: children of closed nodes are left out. */
export function visibleRows(nodes: readonly TreeNode[], open: ReadonlySet<string>): TreeRow[] {
  const rows: TreeRow[] = []
  const walk = (siblings: readonly TreeNode[], level: number, parentId: string | undefined) => {
    for (const [at, node] of siblings.entries()) {
      rows.push({ node, level, parentId, position: at + 1, siblings: siblings.length })
      if (node.children && open.has(node.id)) walk(node.children, level + 1, node.id)
    }
  }
  walk(nodes, 1, undefined)
  return rows
}

/** Ids from the root to the parent of `id`; empty where it is unknown or at the root. */
export function ancestorsOf(nodes: readonly TreeNode[], id: string): string[] {
  for (const node of nodes) {
    if (node.id === id) return []
    if (!node.children) continue
    if (node.children.some((child) => child.id === id)) return [node.id]
    const below = ancestorsOf(node.children, id)
    if (below.length > 0) return [node.id, ...below]
  }
  return []
}

export type TreeMove =
  | { readonly kind: 'focus'; readonly id: string }
  | { readonly kind: 'open' | 'close' | 'select'; readonly id: string }

/** Keyboard of the ARIA tree pattern (WAI-ARIA APG, Tree View). */
export function treeMove(
  key: string,
  rows: readonly TreeRow[],
  focusedId: string,
  open: ReadonlySet<string>,
): TreeMove | undefined {
  const at = rows.findIndex((row) => row.node.id === focusedId)
  const row = rows[at]
  if (!row) return undefined
  const focus = (target: TreeRow | undefined): TreeMove | undefined => target && { kind: 'focus', id: target.node.id }
  const parent = row.node.children !== undefined
  switch (key) {
    case 'ArrowDown':
      return focus(rows[at + 1])
    case 'ArrowUp':
      return focus(rows[at - 1])
    case 'Home':
      return focus(rows[0])
    case 'End':
      return focus(rows[rows.length - 1])
    case 'ArrowRight':
      if (!parent) return undefined
      return open.has(focusedId) ? focus(rows[at + 1]) : { kind: 'open', id: focusedId }
    case 'ArrowLeft':
      if (parent && open.has(focusedId)) return { kind: 'close', id: focusedId }
      return focus(rows.find((candidate) => candidate.node.id === row.parentId))
    case 'Enter':
    case ' ':
      return { kind: 'select', id: focusedId }
    default:
      return undefined
  }
}
