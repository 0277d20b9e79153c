/** A square matrix, row by row. */
export type Matrix = readonly (readonly number[])[];

export interface Eigen {
  /** Descending. */
  values: number[];
  /** One for each value, each of length 1, at right angles to one another. */
  vectors: number[][];
}

const MOST_SWEEPS = 50;
const SMALL = 1e-22;

/** Eigenvalues and eigenvectors of a symmetric matrix, by Jacobi's rotations (Golub and Van Loan, Matrix Computations, 8.5). */
export function symmetricEigen(matrix: Matrix): Eigen {
  const a = matrix.map((row) => [...row]);
  // Row k is the k-th vector.
  const v = a.map((_, i) => a.map((__, j) => (i === j ? 1 : 0)));
  const size = a.length;
  const scale = a.reduce((sum, row) => sum + row.reduce((part, value) => part + value * value, 0), 0);
  for (let sweep = 0; sweep < MOST_SWEEPS && offDiagonal(a) > SMALL * scale; sweep++) {
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, v, p, q);
  }
  const order = a.map((_, i) => i).sort((i, j) => at(a, j, j) - at(a, i, i));
  return { values: order.map((i) => at(a, i, i)), vectors: order.map((i) => [...(v[i] ?? [])]) };
}

const at = (matrix: Matrix, row: number, column: number): number => matrix[row]?.[column] ?? 0;

function offDiagonal(a: Matrix): number {
  let sum = 0;
  a.forEach((row, i) => {
    for (let j = i + 1; j < row.length; j++) sum += (row[j] ?? 0) ** 2;
  });
  return sum;
}

/** Makes the element at (p, q) zero. */
function rotate(a: number[][], v: number[][], p: number, q: number): void {
  const apq = at(a, p, q);
  if (apq === 0) return;
  const theta = (at(a, q, q) - at(a, p, p)) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (const row of a) turn(row, p, q, c, s);
  turnRows(a, p, q, c, s);
  turnRows(v, p, q, c, s);
}

function turn(row: number[], p: number, q: number, c: number, s: number): void {
  const [x, y] = [row[p] ?? 0, row[q] ?? 0];
  row[p] = c * x - s * y;
  row[q] = s * x + c * y;
}

function turnRows(rows: number[][], p: number, q: number, c: number, s: number): void {
  const [first, second] = [rows[p] ?? [], rows[q] ?? []];
  for (let i = 0; i < first.length; i++) {
    const [x, y] = [first[i] ?? 0, second[i] ?? 0];
    first[i] = c * x - s * y;
    second[i] = s * x + c * y;
  }
}
