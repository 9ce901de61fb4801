import { computed } from '@preact/signals';
import type { Series } from '../charts/series';

interface CurveOptions extends Omit<Series, 'id' | 'label' | 'points'> {
  /** Where the first height stands; the others follow one by one. */
  readonly from?: number;
  /** Where each height stands, if not one by one. */
  readonly at?: (() => ArrayLike<number>) | undefined;
}

/** A line through `heights`, which may depend on signals. */
export function curve(
  id: string,
  label: string,
  heights: () => ArrayLike<number>,
  { from = 1, at, ...rest }: CurveOptions = {},
): Series {
  return {
    id,
    label,
    ...rest,
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
