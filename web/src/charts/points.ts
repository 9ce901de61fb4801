export interface Point {
  readonly x: number;
  readonly y: number;
}

/** More than a screen has columns to draw them in. */
const mostDrawn = 800;

/**
 * Few enough points to draw at every report: of each stretch its lowest and its highest one, so that no peak is lost,
 * and both ends. Stretches double as the line grows, so that between two doublings what is drawn stays where it is.
 */
export function thin(points: readonly Point[]): readonly Point[] {
  if (points.length <= mostDrawn) return points;
  let size = 2;
  while ((2 * points.length) / size > mostDrawn) size *= 2;
  const kept: Point[] = [];
  const keep = (index: number): void => {
    const point = points[index];
    if (point && kept.at(-1) !== point) kept.push(point);
  };
  keep(0);
  for (let start = 0; start < points.length; start += size) {
    const [lowest, highest] = extremes(points, start, Math.min(start + size, points.length));
    keep(Math.min(lowest, highest));
    keep(Math.max(lowest, highest));
  }
  keep(points.length - 1);
  return kept;
}

/** Where the lowest and the highest of the points [start, end) are, as far as they have a height. */
function extremes(points: readonly Point[], start: number, end: number): readonly [number, number] {
  const height = (index: number): number => points[index]?.y ?? NaN;
  let lowest = start;
  let highest = start;
  for (let index = start + 1; index < end; index += 1) {
    const here = height(index);
    if (!Number.isFinite(here)) continue;
    if (here < height(lowest) || !Number.isFinite(height(lowest))) lowest = index;
    if (here > height(highest) || !Number.isFinite(height(highest))) highest = index;
  }
  return [lowest, highest];
}

/** The index of the point whose x is closest; `points` are in order of x. -1 if there is none. */
export function nearestIndex(points: readonly Point[], x: number): number {
  let low = 0;
  let high = points.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const left = points[middle];
    const right = points[middle + 1];
    if (left && right && x - left.x > right.x - x) low = middle + 1;
    else high = middle;
  }
  return points.length === 0 ? -1 : low;
}

/** The point whose x is closest. */
export const nearest = (points: readonly Point[], x: number): Point | undefined =>
  points[nearestIndex(points, x)];
