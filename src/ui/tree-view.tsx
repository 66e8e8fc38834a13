import { type FocusEvent, type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { Icon } from './icon.tsx'
import { ancestorsOf, type TreeNode, type TreeRow, treeMove, visibleRows } from './tree-model.ts'
import { rowHeightPx, scrollerOf, useRowWindow } from './use-row-window.ts'

interface TreeViewProps {
  readonly label: string
  readonly nodes: readonly TreeNode[]
  readonly selectedId: string | undefined
  /** All that is selected, where that may be many. */
  readonly selectedIds: ReadonlySet<string>
  readonly initiallyOpen: readonly string[]
  /** `adding`: to what is selected already (control with a click or the space bar). */
  onSelect(id: string, adding: boolean): void
}

/**
 * An ARIA tree with one tab stop; a selection made elsewhere is opened and scrolled into view. Of a long one only the
 * rows near the sight are drawn: each says its own place among its siblings.
 */
export function TreeView({ label, nodes, selectedId, selectedIds, initiallyOpen, onSelect }: TreeViewProps) {
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(initiallyOpen))
  const [focusedId, setFocusedId] = useState<string | undefined>()
  const root = useRef<HTMLDivElement>(null)
  const rows = useMemo(() => visibleRows(nodes, open), [nodes, open])
  const places = useMemo(() => new Map(rows.map((row, at) => [row.node.id, at])), [rows])
  const shown = useRowWindow(root, rows.length)
  const tabStop = [focusedId, selectedId].find((id) => id !== undefined && places.has(id)) ?? rows[0]?.node.id
  const wantsFocus = useRef(false)

  // biome-ignore lint/correctness/useExhaustiveDependencies: a tree that is rebuilt must not reopen what was closed
  useEffect(() => {
    if (selectedId === undefined) return
    const above = ancestorsOf(nodes, selectedId)
    setOpen((known) => (above.every((id) => known.has(id)) ? known : new Set([...known, ...above])))
    setFocusedId(undefined)
  }, [selectedId])

  // biome-ignore lint/correctness/useExhaustiveDependencies: `open` decides whether the row is there to scroll to
  useEffect(
    () => bringIntoSight(root.current, selectedId === undefined ? undefined : places.get(selectedId)),
    [selectedId, open],
  )

  useEffect(() => {
    if (!wantsFocus.current || focusedId === undefined) return
    const row = root.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(focusedId)}"]`)
    if (!row) return
    wantsFocus.current = false
    row.focus()
  })

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
      // The row may have to be scrolled to before it is there to be focused.
      wantsFocus.current = true
      bringIntoSight(root.current, places.get(move.id))
      setFocusedId(move.id)
    } else if (move.kind === 'select') onSelect(move.id, event.ctrlKey || event.metaKey)
    else toggle(move.id, move.kind === 'open')
  }

  // However the focus came to a row, keys act on that one.
  const onFocus = ({ target }: FocusEvent) => {
    if (target instanceof HTMLElement && target.dataset.node !== undefined) setFocusedId(target.dataset.node)
  }

  return (
    <div
      className="tree"
      role="tree"
      aria-label={label}
      aria-multiselectable
      ref={root}
      onKeyDown={onKeyDown}
      onFocus={onFocus}
    >
      {shown.from > 0 && <div style={{ height: shown.from * rowHeightPx }} />}
      {rows.slice(shown.from, shown.to).map((row) => (
        <Row
          key={row.node.id}
          row={row}
          open={open.has(row.node.id)}
          selected={row.node.id === selectedId || selectedIds.has(row.node.id)}
          tabStop={row.node.id === tabStop}
          onSelect={onSelect}
          onToggle={toggle}
        />
      ))}
      {shown.to < rows.length && <div style={{ height: (rows.length - shown.to) * rowHeightPx }} />}
    </div>
  )
}

/** Scrolls just as far as the row needs; rows that are not drawn are known by their place. */
function bringIntoSight(tree: HTMLElement | null, at: number | undefined): void {
  const scroller = tree && scrollerOf(tree)
  if (!tree || !scroller || at === undefined) return
  const top = tree.getBoundingClientRect().top - scroller.getBoundingClientRect().top + at * rowHeightPx
  if (top < 0) scroller.scrollTop += top
  else if (top + rowHeightPx > scroller.clientHeight) scroller.scrollTop += top + rowHeightPx - scroller.clientHeight
}

interface RowProps {
  readonly row: TreeRow
  readonly open: boolean
  readonly selected: boolean
  readonly tabStop: boolean
  onSelect(id: string, adding: boolean): void
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
      onClick={(event) => {
        const adding = event.ctrlKey || event.metaKey || event.shiftKey
        if (branch && !adding && (selected || !open)) onToggle(node.id, !open)
        onSelect(node.id, adding)
      }}
    >
      <span className={`tree-twist${open ? ' tree-open' : ''}`}>{branch && <Icon name="chevron" size={12} />}</span>
      <span className="tree-label">{node.label}</span>
      {node.note && <span className="tree-note">{node.note}</span>}
    </div>
  )
}
