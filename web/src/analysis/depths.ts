import { computed } from '@preact/signals';
import type { Band } from '../charts/heat-map';
import type { Series } from '../charts/series';
import { curve } from './curves';
import type { Matrix } from './shape';

/** Where in the model the residual stream is read: before the first layer, or behind one. */
export const depthName = (depth: number): string => (depth === 0 ? 'input' : `after layer ${depth}`);

export const depthBands = (count: number): Band[] =>
  Array.from({ length: count }, (_, depth) => ({
    name: depthName(depth),
    symbol: depth === 0 ? 'input' : `layer ${depth}`,
    size: 1,
  }));

export const rowOf = ({ entries, columns }: Matrix, row: number): Float64Array =>
  entries.subarray(row * columns, (row + 1) * columns);

/** A line for each depth, from the first colour to the last; of those not chosen, faint. */
export function depthSeries(count: number, matrix: () => Matrix, chosen: () => number | undefined): Series[] {
  return Array.from({ length: count }, (_, depth) =>
    curve(`depth-${depth}`, depthName(depth), () => rowOf(matrix(), depth), {
      tone: depth / Math.max(1, count - 1),
      faint: computed(() => (chosen() ?? depth) !== depth),
    }),
  );
}
