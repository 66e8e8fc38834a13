import { describe, expect, it } from 'vitest'
import { ancestorsOf, type TreeNode, treeMove, visibleRows } from './tree-model.ts'

const nodes: TreeNode[] = [
  { id: 'a', label: 'A', children: [{ id: 'a1', label: 'A1', children: [{ id: 'leaf', label: 'Leaf' }] }] },
  { id: 'b', label: 'B' },
]

describe('the tree', () => {
  it('shows children of open nodes only, with level and position', () => {
    expect(visibleRows(nodes, new Set()).map((row) => row.node.id)).toEqual(['a', 'b'])
    const rows = visibleRows(nodes, new Set(['a']))
    expect(rows.map((row) => `${row.node.id}@${row.level}`)).toEqual(['a@1', 'a1@2', 'b@1'])
    expect(rows[2]).toMatchObject({ position: 2, siblings: 2 })
  })

  it('knows the way to a node', () => {
    expect(ancestorsOf(nodes, 'leaf')).toEqual(['a', 'a1'])
    expect(ancestorsOf(nodes, 'a')).toEqual([])
    expect(ancestorsOf(nodes, 'nowhere')).toEqual([])
  })

  it('moves by the keys of the ARIA tree pattern', () => {
    const open = new Set(['a'])
    const rows = visibleRows(nodes, open)
    expect(treeMove('ArrowDown', rows, 'a', open)).toEqual({ kind: 'focus', id: 'a1' })
    expect(treeMove('ArrowRight', rows, 'a1', open)).toEqual({ kind: 'open', id: 'a1' })
    expect(treeMove('ArrowLeft', rows, 'a1', open)).toEqual({ kind: 'focus', id: 'a' })
    expect(treeMove('ArrowLeft', rows, 'a', open)).toEqual({ kind: 'close', id: 'a' })
    expect(treeMove('End', rows, 'a', open)).toEqual({ kind: 'focus', id: 'b' })
    expect(treeMove('Enter', rows, 'b', open)).toEqual({ kind: 'select', id: 'b' })
    expect(treeMove('ArrowUp', rows, 'a', open)).toBeUndefined()
    expect(treeMove('x', rows, 'a', open)).toBeUndefined()
  })
})
