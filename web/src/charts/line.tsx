import { useComputed, type ReadonlySignal } from '@preact/signals';
import { line } from 'd3-shape';
import type { Plot } from './plot';
import { nearest, thin, type Point } from './points';
import type { Series } from './series';
import type { Cursor } from './use-cursor';

interface LineProps {
  readonly series: Series;
  readonly plot: ReadonlySignal<Plot>;
}

/** Far above the plot: a run that goes astray can reach heights that no path may have. */
const highest = -10_000;

export function Line({ series, plot }: LineProps) {
  const path = useComputed(() => {
    const { x, y } = plot.value;
    const draw = line<Point>(
      (point) => x(point.x),
      (point) => Math.max(highest, y(point.y)),
    );
    return draw.defined((point) => Number.isFinite(point.y))(thin(series.points.value)) ?? '';
  });
  return <path class={`line line-${series.id}`} d={path} />;
}

/** The point of the line that a held cursor stands at. */
export function Dot({ series, plot, cursor }: LineProps & { readonly cursor: Cursor }) {
  const at = cursor.position;
  const point = nearest(series.points.value, at.value);
  if (!cursor.held.value || !point) return null;
  const { x, y, top } = plot.value;
  return <circle class={`dot dot-${series.id}`} cx={x(at.value)} cy={Math.max(top, y(point.y))} r="3.5" />;
}

/** Pixels that a letter of a label takes at most, on average. */
const letterWidth = 6.6;

/** The line's name at its right end, clear of the stretch of line above or below it. */
export function LineLabel({ series, plot }: LineProps) {
  const { label, labelSide } = series;
  const { x, y, left, right } = plot.value;
  const start = Math.max(left, right - label.length * letterWidth);
  const heights = series.points.value
    .filter((point, index, { length }) => index === length - 1 || x(point.x) >= start)
    .map((point) => y(point.y));
  if (heights.length === 0) return null;
  return (
    <text
      class={`line-label line-label-${series.id}`}
      x={right}
      y={labelSide?.value === 'above' ? Math.min(...heights) - 7 : Math.max(...heights) + 17}
    >
      {label}
    </text>
  );
}

export function CursorLine({ plot, cursor }: { plot: ReadonlySignal<Plot>; cursor: Cursor }) {
  if (!cursor.held.value) return null;
  const { x, top, bottom } = plot.value;
  const place = x(cursor.position.value);
  return <line class="cursor" x1={place} x2={place} y1={top} y2={bottom} />;
}
