import { useComputed, useSignal, type ReadonlySignal } from '@preact/signals';
import { useId, useRef } from 'preact/hooks';
import { loss } from '../format';
import { Axes, PlotClip } from './axes';
import { Legend } from './legend';
import { CursorLine, Dot, Line, LineLabel } from './line';
import { createPlot } from './plot';
import { nearest } from './points';
import type { Series } from './series';
import { useCursor } from './use-cursor';
import { useWidth } from './use-width';

interface LineChartProps {
  readonly title: string;
  /** Of its heading. */
  readonly level?: 2 | 3;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly xDomain: ReadonlySignal<readonly [number, number]>;
  readonly yMaximum: ReadonlySignal<number>;
  /** The cursor walks over the points of the first one. */
  readonly series: readonly [Series, ...Series[]];
  /** Says where the cursor stands. */
  readonly describe: (x: number) => string;
}

/** Lines over a common x, with a cursor for pointer and keyboard whose values the legend shows. */
export function LineChart(props: LineChartProps) {
  const { title, level = 2, xLabel, yLabel, xDomain, yMaximum, series, describe } = props;
  const clip = useId();
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const height = useComputed(() => Math.round(Math.min(300, Math.max(210, width.value * 0.52))));
  const plot = useComputed(() => createPlot(width.value, height.value, xDomain.value, yMaximum.value));
  const backToFront = [...series].reverse();

  const places = series[0].points;
  const cursor = useCursor(places);
  // Renewed when someone moves the cursor, not with the data: a screen reader would never fall silent.
  const spoken = useSignal('');
  const speak = (): void => {
    const x = cursor.position.value;
    const values = series.flatMap(({ label, points, unlisted }) => {
      const point = unlisted ? undefined : nearest(points.value, x);
      return point && Number.isFinite(point.y) ? [`${label} ${loss(point.y)}`] : [];
    });
    spoken.value = `${describe(x)}: ${values.join(', ')}`;
  };

  const followPointer = (event: PointerEvent): void => {
    const box = frame.current?.getBoundingClientRect();
    const point = box && nearest(places.value, plot.value.x.invert(event.clientX - box.left));
    if (point) cursor.hold(places.value.indexOf(point));
  };
  const followKey = (event: KeyboardEvent): void => {
    if (!cursor.press(event.key)) return;
    event.preventDefault();
    speak();
  };

  return (
    <figure class="chart">
      <figcaption>
        {level === 2 ? <h2>{title}</h2> : <h3>{title}</h3>}
        <Legend series={series} at={cursor.position} describe={describe} />
      </figcaption>
      <p class="axis-name axis-name-y">{yLabel}</p>
      <div
        ref={frame}
        class="chart-frame"
        tabIndex={0}
        role="slider"
        aria-label={`${title}: values by ${xLabel}`}
        aria-valuemin={useComputed(() => places.value[0]?.x ?? 0)}
        aria-valuemax={useComputed(() => places.value.at(-1)?.x ?? 0)}
        aria-valuenow={cursor.position}
        aria-valuetext={spoken}
        onFocus={speak}
        onKeyDown={followKey}
        onPointerDown={followPointer}
        onPointerMove={followPointer}
        onPointerLeave={cursor.release}
      >
        <svg
          width={width}
          height={height}
          viewBox={useComputed(() => `0 0 ${width.value} ${height.value}`)}
          aria-hidden="true"
        >
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
      </div>
      <p class="axis-name axis-name-x">{xLabel}</p>
    </figure>
  );
}
