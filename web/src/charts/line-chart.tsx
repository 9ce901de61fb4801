import { computed, useSignal, type ReadonlySignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId, useMemo, useRef } from 'preact/hooks';
import { inRow } from '../i18n/lists';
import { Live } from '../i18n/live';
import { loss } from '../i18n/numbers';
import { classNames } from '../styles/class-names';
import { Axes, PlotClip } from './axes';
import { Legend } from './legend';
import { CursorLine, Dot, Line, LineLabel } from './line';
import styles from './line-chart.module.css';
import { say } from './messages';
import { createPlot, type Plot } from './plot';
import { nearest } from './points';
import type { Series } from './series';
import { useBox } from './use-box';
import { useCursor, type Cursor } from './use-cursor';

interface LineChartProps {
  readonly title: string;
  /** Of its heading. */
  readonly level?: 2 | 3 | 4;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly xDomain: ReadonlySignal<readonly [number, number]>;
  readonly yMaximum: ReadonlySignal<number>;
  /** The cursor walks over the points of the first one. */
  readonly series: readonly [Series, ...Series[]];
  /** Says where the cursor stands. */
  readonly describe: (x: number) => string;
  /** Every point is a measurement of its own, and the next one another: lines are thin. */
  readonly noisy?: boolean;
  /** Stands under the chart. */
  readonly note?: ComponentChildren;
}

/** Lines over a common x, with a cursor for pointer and keyboard whose values the legend shows. */
export function LineChart(props: LineChartProps) {
  const {
    title,
    level = 2,
    xLabel,
    yLabel,
    xDomain,
    yMaximum,
    series,
    describe,
    noisy = false,
    note,
  } = props;
  const frame = useRef<HTMLDivElement>(null);
  const rem = useRef<HTMLSpanElement>(null);
  const box = useBox(frame, rem);
  const plot = useMemo(
    () => computed(() => createPlot(box.value, xDomain.value, yMaximum.value)),
    [box, xDomain, yMaximum],
  );

  const cursor = useCursor(series[0].points);
  const place = useMemo(() => computed(() => describe(cursor.position.value)), [cursor, describe]);
  // Renewed when someone moves the cursor, not with the data: a screen reader would never fall silent.
  const spoken = useSignal('');
  const speak = (): void => {
    const x = cursor.position.value;
    const values = series.flatMap(({ label: line, points, unlisted }) => {
      const point = unlisted ? undefined : nearest(points.value, x);
      return point && Number.isFinite(point.y) ? [say('value', { line, value: loss(point.y) })] : [];
    });
    spoken.value = say('reading', { place: describe(x), values: inRow(values) });
  };

  const followPointer = (event: PointerEvent): void => {
    const left = frame.current?.getBoundingClientRect().left ?? 0;
    cursor.hold(plot.value.x.invert(event.clientX - left));
  };
  // A finger that lifts has read nothing yet: its value stays until the next tap.
  const followPointerAway = (event: PointerEvent): void => {
    if (event.pointerType !== 'touch') cursor.release();
  };
  const followKey = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || !cursor.press(event.key)) return;
    event.preventDefault();
    speak();
  };

  return (
    <figure class={classNames(styles.chart, noisy && styles.noisy)} data-part="chart">
      <figcaption>
        <Live as={`h${level}`} text={title} />
        <Legend series={series} at={cursor.position} place={place} />
      </figcaption>
      <Live as="p" class={styles.axisName} text={yLabel} />
      <div
        ref={frame}
        class={styles.frame}
        data-part="chart-frame"
        translate={false}
        tabIndex={0}
        role="slider"
        aria-label={say('chart', { title, x: xLabel })}
        aria-valuemin={cursor.start}
        aria-valuemax={cursor.end}
        aria-valuenow={cursor.position}
        aria-valuetext={spoken}
        onFocus={speak}
        onKeyDown={followKey}
        onPointerDown={followPointer}
        onPointerMove={followPointer}
        onPointerLeave={followPointerAway}
      >
        <span ref={rem} class={styles.rem} />
        <Drawing series={series} plot={plot} cursor={cursor} />
      </div>
      <Live as="p" class={classNames(styles.axisName, styles.axisNameX)} text={xLabel} />
      {note !== undefined && <div class={styles.note}>{note}</div>}
    </figure>
  );
}

interface DrawingProps extends Pick<LineChartProps, 'series'> {
  readonly plot: ReadonlySignal<Plot>;
  readonly cursor: Cursor;
}

/** The first line is in front. */
function Drawing({ series, plot, cursor }: DrawingProps) {
  const clip = useId();
  const backToFront = [...series].reverse();
  const width = useMemo(() => computed(() => plot.value.box.width), [plot]);
  const height = useMemo(() => computed(() => plot.value.height), [plot]);
  const viewBox = useMemo(() => computed(() => `0 0 ${width.value} ${height.value}`), [width, height]);
  return (
    <svg width={width} height={height} viewBox={viewBox} aria-hidden="true">
      <Axes plot={plot} />
      <PlotClip id={clip} plot={plot} />
      <g clip-path={`url(#${clip})`}>
        {backToFront.map((one) => (
          <Line key={one.id} series={one} plot={plot} />
        ))}
      </g>
      {backToFront.map((one) => one.labelSide && <LineLabel key={one.id} series={one} plot={plot} />)}
      <CursorLine plot={plot} cursor={cursor} />
      {backToFront.map((one) => (
        <Dot key={one.id} series={one} plot={plot} cursor={cursor} />
      ))}
    </svg>
  );
}
