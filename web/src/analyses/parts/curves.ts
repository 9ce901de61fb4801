import { computed } from '@preact/signals';
import type { Series } from '../../charts/series';

interface Curve extends Omit<Series, 'id' | 'points'> {
  /** Its role, unless given. */
  readonly id?: string;
  /** They may depend on signals. */
  readonly heights: () => ArrayLike<number>;
  /** Where the first height stands; the others follow one by one. */
  readonly from?: number;
  /** Where each height stands, if not one by one. */
  readonly at?: () => ArrayLike<number>;
}

/** A line through `heights`. */
export function curve({ heights, from = 1, at, ...series }: Curve): Series {
  return {
    id: series.role,
    ...series,
    points: computed(() => {
      const places = at?.();
      return Array.from(heights(), (y, index) => ({ x: places?.[index] ?? index + from, y }));
    }),
  };
}

/** The largest height of all lines. */
export function largest(series: readonly Series[]): number {
  let most = 0;
  for (const { points } of series) {
    for (const { y } of points.value) if (Number.isFinite(y)) most = Math.max(most, y);
  }
  return most;
}
