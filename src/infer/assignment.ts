/** Costs at or above this are forbidden pairs. */
export const forbidden = 1e6

/**
 * Optimal assignment by shortest augmenting paths (Jonker & Volgenant 1987, in the O(n²m) form with potentials).
 * `cost(row, column)`, forbidden too where it is no finite number; returns the column of each row, −1 where it got none
 * or only a forbidden one.
 */
export function assign(rows: number, columns: number, cost: (row: number, column: number) => number): Int32Array {
  if (rows > columns) {
    const byColumn = assign(columns, rows, (row, column) => cost(column, row))
    const result = new Int32Array(rows).fill(-1)
    for (const [column, row] of byColumn.entries()) if (row >= 0) result[row] = column
    return result
  }
  // Asked for once each: a search passes by the same pair many times, and a cost may be dear.
  const costs = new Float64Array(rows * columns)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const known = cost(row, column)
      // A search never ends among costs of which none is the least.
      costs[row * columns + column] = Number.isFinite(known) ? known : forbidden
    }
  // One-based, with column 0 as the root of each search.
  const rowPrice = new Float64Array(rows + 1)
  const columnPrice = new Float64Array(columns + 1)
  const rowOfColumn = new Int32Array(columns + 1)
  const previous = new Int32Array(columns + 1)
  const least = new Float64Array(columns + 1)
  const visited = new Uint8Array(columns + 1)
  for (let row = 1; row <= rows; row++) {
    least.fill(Number.POSITIVE_INFINITY)
    visited.fill(0)
    rowOfColumn[0] = row
    let column = 0
    do {
      visited[column] = 1
      const current = rowOfColumn[column] as number
      let delta = Number.POSITIVE_INFINITY
      let next = 0
      for (let j = 1; j <= columns; j++) {
        if (visited[j]) continue
        const known = costs[(current - 1) * columns + j - 1] as number
        const reduced = known - (rowPrice[current] as number) - (columnPrice[j] as number)
        if (reduced < (least[j] as number)) {
          least[j] = reduced
          previous[j] = column
        }
        if ((least[j] as number) < delta) {
          delta = least[j] as number
          next = j
        }
      }
      for (let j = 0; j <= columns; j++) {
        if (visited[j]) {
          const owner = rowOfColumn[j] as number
          rowPrice[owner] = (rowPrice[owner] as number) + delta
          columnPrice[j] = (columnPrice[j] as number) - delta
        } else least[j] = (least[j] as number) - delta
      }
      column = next
    } while (rowOfColumn[column] !== 0)
    while (column !== 0) {
      const from = previous[column] as number
      rowOfColumn[column] = rowOfColumn[from] as number
      column = from
    }
  }
  const result = new Int32Array(rows).fill(-1)
  for (let j = 1; j <= columns; j++) {
    const row = (rowOfColumn[j] as number) - 1
    if (row >= 0 && (costs[row * columns + j - 1] as number) < forbidden) result[row] = j - 1
  }
  return result
}
