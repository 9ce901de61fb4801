import { computed, type ReadonlySignal } from '@preact/signals';
import { line } from 'd3-shape';
import { useMemo } from 'preact/hooks';
import { classNames } from '../styles/class-names';
import styles from './line-chart.module.css';
import type { Plot } from './plot';
import { nearest, thin, type Point } from './points';
import type { Series } from './series';
import type { Cursor } from './use-cursor';

interface LineProps {
  readonly series: Series;
  readonly plot: ReadonlySignal<Plot>;
}

/** Gives what it is put on the colour of a series. */
export const roleClass = ({ role, tone }: Series): string =>
  classNames(styles[role], tone !== undefined && styles.toned);

export const toneStyle = ({ tone }: Series): Record<string, number> | undefined =>
  tone === undefined ? undefined : { '--tone': tone };

/** Far above the plot: a run that goes astray can reach heights that no path may have. */
const highest = -10_000;

export function Line({ series, plot }: LineProps) {
  // Thinned once for all widths and scales.
  const drawn = useMemo(() => computed(() => thin(series.points.value)), [series.points]);
  const path = useMemo(
    () =>
      computed(() => {
        const { x, y } = plot.value;
        const draw = line<Point>(
          (point) => x(point.x),
          (point) => Math.max(highest, y(point.y)),
        );
        const there = (point: Point): boolean => Number.isFinite(point.x) && Number.isFinite(point.y);
        return draw.defined(there)(drawn.value) ?? '';
      }),
    [plot, drawn],
  );
  return (
    <path
      class={classNames(styles.line, roleClass(series), series.faint?.value && styles.faint)}
      style={toneStyle(series)}
      data-part="line"
      data-series={series.id}
      data-role={series.role}
      d={path}
    />
  );
}

/** The point of the line that a held cursor stands at. */
export function Dot({ series, plot, cursor }: LineProps & { readonly cursor: Cursor }) {
  if (!cursor.held.value || series.faint?.value) return null;
  const at = cursor.position.value;
  const point = nearest(series.points.value, at);
  if (!point || !Number.isFinite(point.y)) return null;
  const { x, y, top } = plot.value;
  return (
    <circle
      class={classNames(styles.dot, roleClass(series))}
      style={toneStyle(series)}
      cx={x(at)}
      cy={Math.max(top, y(point.y))}
      r="3.5"
    />
  );
}

/** In rem, as the style sheet has it; of ticks it is 0.75. */
const labelSize = 0.78;

/** The line's name at its right end, clear of the stretch of line above or below it, where there is room for it. */
export function LineLabel({ series, plot }: LineProps) {
  const { label, labelSide, points } = series;
  const { x, y, left, right, top, bottom, box } = plot.value;
  const start = right - (labelSize / 0.75) * box.measure(label);
  const heights = lastHeights(points.value, x.invert(start)).map((height) => y(height));
  if (heights.length === 0 || start < left) return null;
  const place =
    labelSide?.value === 'above'
      ? Math.min(...heights) - 0.45 * box.rem
      : Math.max(...heights) + 1.05 * box.rem;
  return (
    <text
      key={label}
      class={classNames(styles.label, roleClass(series))}
      data-part="line-label"
      data-series={series.id}
      x={right}
      y={Math.max(top + labelSize * box.rem, Math.min(bottom - 0.3 * box.rem, place))}
    >
      {label}
    </text>
  );
}

/** The heights that a line has from `start` on: at least that of its last point, and of few points, however many there are. */
function lastHeights(points: readonly Point[], start: number): number[] {
  const heights: number[] = [];
  for (let index = points.length - 1; index >= 0 && heights.length < mostHeights; index -= 1) {
    const point = points[index];
    if (!point || (point.x < start && heights.length > 0)) break;
    if (Number.isFinite(point.y)) heights.push(point.y);
  }
  return heights;
}

const mostHeights = 500;

export function CursorLine({ plot, cursor }: { plot: ReadonlySignal<Plot>; cursor: Cursor }) {
  if (!cursor.held.value) return null;
  const { x, top, bottom } = plot.value;
  const place = x(cursor.position.value);
  return <line class={styles.cursor} x1={place} x2={place} y1={top} y2={bottom} />;
}
