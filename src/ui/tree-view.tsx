import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { Icon } from './icon.tsx'
import { ancestorsOf, type TreeNode, type TreeRow, treeMove, visibleRows } from './tree-model.ts'

interface TreeViewProps {
  readonly label: string
  readonly nodes: readonly TreeNode[]
  readonly selectedId: string | undefined
  readonly initiallyOpen: readonly string[]
  onSelect(id: string): void
}

/** An ARIA tree with one tab stop; a selection made elsewhere is opened and scrolled into view. */
export function TreeView({ label, nodes, selectedId, initiallyOpen, onSelect }: TreeViewProps) {
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(initiallyOpen))
  const [focusedId, setFocusedId] = useState<string | undefined>()
  const root = useRef<HTMLDivElement>(null)
  const rows = useMemo(() => visibleRows(nodes, open), [nodes, open])
  const tabStop = [focusedId, selectedId].find((id) => rows.some((row) => row.node.id === id)) ?? rows[0]?.node.id

  // biome-ignore lint/correctness/useExhaustiveDependencies: a tree that is rebuilt must not reopen what was closed
  useEffect(() => {
    if (selectedId === undefined) return
    const above = ancestorsOf(nodes, selectedId)
    setOpen((known) => (above.every((id) => known.has(id)) ? known : new Set([...known, ...above])))
    setFocusedId(undefined)
  }, [selectedId])

  // biome-ignore lint/correctness/useExhaustiveDependencies: `open` decides whether the row is there to scroll to
  useEffect(() => {
    root.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [selectedId, open])

  const toggle = (id: string, opened: boolean) =>
    setOpen((known) => {
      const next = new Set(known)
      if (opened) next.add(id)
      else next.delete(id)
      return next
    })

  const onKeyDown = (event: KeyboardEvent) => {
    const move = tabStop === undefined ? undefined : treeMove(event.key, rows, tabStop, open)
    if (!move) return
    event.preventDefault()
    if (move.kind === 'focus') {
      setFocusedId(move.id)
      root.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(move.id)}"]`)?.focus()
    } else if (move.kind === 'select') onSelect(move.id)
    else toggle(move.id, move.kind === 'open')
  }

  return (
    <div className="tree" role="tree" aria-label={label} ref={root} onKeyDown={onKeyDown}>
      {rows.map((row) => (
        <Row
          key={row.node.id}
          row={row}
          open={open.has(row.node.id)}
          selected={row.node.id === selectedId}
          tabStop={row.node.id === tabStop}
          onSelect={onSelect}
          onToggle={toggle}
        />
      ))}
    </div>
  )
}

interface RowProps {
  readonly row: TreeRow
  readonly open: boolean
  readonly selected: boolean
  readonly tabStop: boolean
  onSelect(id: string): void
  onToggle(id: string, open: boolean): void
}

function Row({ row, open, selected, tabStop, onSelect, onToggle }: RowProps) {
  const { node, level } = row
  const branch = node.children !== undefined
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles the keyboard for all of its rows
    <div
      role="treeitem"
      aria-level={level}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-selected={selected}
      aria-expanded={branch ? open : undefined}
      aria-label={node.note ? `${node.label}, ${node.note}` : node.label}
      className={`tree-row${node.tone ? ` tree-${node.tone}` : ''}`}
      style={{ paddingInlineStart: `${(level - 1) * 14 + 4}px` }}
      data-node={node.id}
      tabIndex={tabStop ? 0 : -1}
      onClick={() => {
        if (branch && (selected || !open)) onToggle(node.id, !open)
        onSelect(node.id)
      }}
    >
      <span className={`tree-twist${open ? ' tree-open' : ''}`}>{branch && <Icon name="chevron" size={12} />}</span>
      <span className="tree-label">{node.label}</span>
      {node.note && <span className="tree-note">{node.note}</span>}
    </div>
  )
}
