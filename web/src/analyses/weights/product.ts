import type { HeadWeights } from '../../protocol/results';

/** One of the two weight products through which a head acts. */
export type Product = 'queryKey' | 'valueOutput';

export const products: readonly Product[] = ['queryKey', 'valueOutput'];

/** The share of a matrix's sum of squares that lies on the diagonal of one of its (size, size) blocks. */
export function diagonalShare(matrix: Float32Array, size: number, row: number, column: number): number {
  const width = Math.sqrt(matrix.length);
  const square = (entry = 0): number => entry * entry;
  const all = matrix.reduce((sum, entry) => sum + square(entry), 0);
  let diagonal = 0;
  for (let index = 0; index < size; index += 1) {
    diagonal += square(matrix[(row * size + index) * width + column * size + index]);
  }
  return all === 0 ? 0 : diagonal / all;
}

/**
 * The mean of the diagonal of each of a matrix's (size, size) blocks, rows first: the numbers that CompressedAlg-L
 * keeps.
 */
export function blockMeans(matrix: Float32Array, size: number): number[][] {
  const width = Math.sqrt(matrix.length);
  const blocks = width / size;
  const mean = (row: number, column: number): number => {
    let sum = 0;
    for (let index = 0; index < size; index += 1) {
      sum += matrix[(row * size + index) * width + column * size + index] ?? 0;
    }
    return sum / size;
  };
  return Array.from({ length: blocks }, (_, row) =>
    Array.from({ length: blocks }, (__, column) => mean(row, column)),
  );
}

/** The share of the entries larger than `fraction` of the largest, signs aside. */
export function shareAbove(matrix: Float32Array, fraction: number): number {
  let largest = 0;
  for (const entry of matrix) largest = Math.max(largest, Math.abs(entry));
  let count = 0;
  for (const entry of matrix) if (Math.abs(entry) > fraction * largest) count += 1;
  return count / (matrix.length || 1);
}

/** The largest absolute entry of the product over these heads. */
export function largestEntry(heads: readonly HeadWeights[], product: Product): number {
  let largest = 0;
  for (const head of heads) {
    for (const entry of head[product]) largest = Math.max(largest, Math.abs(entry));
  }
  return largest;
}
