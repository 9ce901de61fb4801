import { useComputed, type ReadonlySignal } from '@preact/signals';
import { loss } from '../format';
import { lineClass, lineStyle } from './line';
import { nearest } from './points';
import type { Series } from './series';

interface LegendProps {
  readonly series: readonly Series[];
  readonly at: ReadonlySignal<number>;
  readonly describe: (x: number) => string;
}

/** The lines' names and their values at the cursor. */
export function Legend({ series, at, describe }: LegendProps) {
  return (
    <div class="legend">
      <p class="legend-place">{useComputed(() => describe(at.value))}</p>
      <dl>{series.map((one) => !one.unlisted && <LegendEntry key={one.id} series={one} at={at} />)}</dl>
    </div>
  );
}

function LegendEntry({ series, at }: { series: Series; at: ReadonlySignal<number> }) {
  const value = useComputed(() => {
    const point = nearest(series.points.value, at.value);
    return point && Number.isFinite(point.y) ? loss(point.y) : '–';
  });
  if (series.ifMeasured && series.points.value.length === 0) return null;
  return (
    <div class={`legend-entry legend-${series.id}`}>
      <dt>
        <svg class="swatch" width="22" height="8" aria-hidden="true">
          <path class={lineClass(series)} style={lineStyle(series)} d="M1 4H21" />
        </svg>
        {series.label}
      </dt>
      <dd>{value}</dd>
    </div>
  );
}
