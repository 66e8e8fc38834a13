import type { Candidate } from './detector-matrix.ts'

/**
 * Greedy non-maximum suppression: a box hides weaker ones of its group that overlap it by more than `iouLimit`.
 * `sorted` is best first; at most `limit` remain.
 */
export function suppress<C extends Candidate>(
  sorted: readonly C[],
  iouLimit: number,
  groupOf: (candidate: C) => string,
  limit: number,
): C[] {
  const kept: C[] = []
  const byGroup = new Map<string, C[]>()
  for (const candidate of sorted) {
    const group = groupOf(candidate)
    const rivals = byGroup.get(group) ?? []
    if (rivals.some((other) => overlap(other, candidate) > iouLimit)) continue
    if (rivals.push(candidate) === 1) byGroup.set(group, rivals)
    if (kept.push(candidate) === limit) break
  }
  return kept
}

type EdgesBox = Pick<Candidate, 'left' | 'top' | 'right' | 'bottom'>

function overlap(a: EdgesBox, b: EdgesBox): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left)
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
  if (width <= 0 || height <= 0) return 0
  const shared = width * height
  return shared / ((a.right - a.left) * (a.bottom - a.top) + (b.right - b.left) * (b.bottom - b.top) - shared)
}
