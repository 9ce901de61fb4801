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

/** Of the path of a series, in the plot and in the legend. */
export const lineClass = ({ id, tone, faint }: Series): string =>
  ['line', `line-${id}`, tone !== undefined && 'line-toned', faint?.value && 'line-faint']
    .filter(Boolean)
    .join(' ');

export const lineStyle = ({ tone }: Series): Record<string, number> | undefined =>
  tone === undefined ? undefined : { '--tone': tone };

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
  return <path class={lineClass(series)} style={lineStyle(series)} d={path} />;
}

/** The point of the line that a held cursor stands at. */
export function Dot({ series, plot, cursor }: LineProps & { readonly cursor: Cursor }) {
  const at = cursor.position;
  const point = nearest(series.points.value, at.value);
  if (!cursor.held.value || !point) return null;
  const { x, y, top } = plot.value;
  if (series.faint?.value || !Number.isFinite(point.y)) return null;
  const kind = `dot dot-${series.id} ${series.tone === undefined ? '' : 'dot-toned'}`;
  return (
    <circle class={kind} style={lineStyle(series)} cx={x(at.value)} cy={Math.max(top, y(point.y))} r="3.5" />
  );
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
