/** Inverse of a square matrix (row-major) by Gauss–Jordan with row exchange; undefined where it has none. */
export function inverseMatrix(matrix: readonly (readonly number[])[]): number[][] | undefined {
  const n = matrix.length
  const work = matrix.map((row, i) => [...row, ...Array.from({ length: n }, (_, j) => (i === j ? 1 : 0))])
  for (let column = 0; column < n; column++) {
    let best = column
    for (let row = column + 1; row < n; row++)
      if (Math.abs(at(work, row, column)) > Math.abs(at(work, best, column))) best = row
    const pivot = at(work, best, column)
    if (!(Math.abs(pivot) > 1e-14)) return undefined
    const exchanged = work[column] as number[]
    work[column] = (work[best] as number[]).map((value) => value / pivot)
    if (best !== column) work[best] = exchanged
    const source = work[column] as number[]
    for (let row = 0; row < n; row++) {
      if (row === column) continue
      const factor = at(work, row, column)
      if (factor !== 0) work[row] = (work[row] as number[]).map((value, j) => value - factor * (source[j] as number))
    }
  }
  return work.map((row) => row.slice(n))
}

const at = (matrix: readonly (readonly number[])[], row: number, column: number): number =>
  (matrix[row] as readonly number[])[column] as number

export const multiply = (matrix: readonly (readonly number[])[], vector: readonly number[]): number[] =>
  matrix.map((row) => row.reduce((sum, value, i) => sum + value * (vector[i] as number), 0))

/** JᵀJ and Jᵀr. */
export function normalEquations(jacobian: readonly (readonly number[])[], residuals: readonly number[]) {
  const n = jacobian[0]?.length ?? 0
  const matrix = Array.from({ length: n }, () => new Array<number>(n).fill(0))
  const vector = new Array<number>(n).fill(0)
  for (const [k, row] of jacobian.entries())
    for (let i = 0; i < n; i++) {
      const value = row[i] as number
      vector[i] = (vector[i] as number) + value * (residuals[k] as number)
      const into = matrix[i] as number[]
      for (let j = 0; j < n; j++) into[j] = (into[j] as number) + value * (row[j] as number)
    }
  return { matrix, vector }
}
