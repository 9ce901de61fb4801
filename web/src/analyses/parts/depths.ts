import { computed } from '@preact/signals';
import type { Band } from '../../charts/heat-map';
import type { Series } from '../../charts/series';
import type { Matrix } from '../shape';
import { curve } from './curves';
import { say } from './messages';

/** Where in the model the residual stream is read: before the first layer, or behind one. */
export const depthName = (depth: number): string =>
  depth === 0 ? say('input') : say('after-layer', { layer: depth });

export const depthBands = (count: number): Band[] =>
  Array.from({ length: count }, (_, depth) => ({
    name: depthName(depth),
    symbol: depth === 0 ? say('input') : say('layer', { layer: depth }),
    size: 1,
  }));

export const rowOf = ({ entries, columns }: Matrix, row: number): Float64Array =>
  entries.subarray(row * columns, (row + 1) * columns);

/** A line for each depth, from the first colour to the last; of those not chosen, faint. */
export function depthSeries(count: number, matrix: () => Matrix, chosen: () => number | undefined): Series[] {
  return Array.from({ length: count }, (_, depth) =>
    curve({
      id: `depth-${depth}`,
      role: 'plain',
      label: depthName(depth),
      heights: () => rowOf(matrix(), depth),
      tone: depth / Math.max(1, count - 1),
      faint: computed(() => (chosen() ?? depth) !== depth),
    }),
  );
}
