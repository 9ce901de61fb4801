import { computed, type ReadonlySignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { Live } from '../i18n/live';
import { loss } from '../i18n/numbers';
import { classNames } from '../styles/class-names';
import { roleClass, toneStyle } from './line';
import styles from './line-chart.module.css';
import { nearest } from './points';
import type { Series } from './series';

interface LegendProps {
  readonly series: readonly Series[];
  readonly at: ReadonlySignal<number>;
  readonly place: ReadonlySignal<string>;
}

/** The lines' names and their values at the cursor. */
export function Legend({ series, at, place }: LegendProps) {
  return (
    <div class={styles.legend} data-part="legend">
      <Live as="p" class={styles.place} part="legend-place" text={place} />
      <dl>{series.map((one) => !one.unlisted && <LegendEntry key={one.id} series={one} at={at} />)}</dl>
    </div>
  );
}

function LegendEntry({ series, at }: { series: Series; at: ReadonlySignal<number> }) {
  const { points } = series;
  const value = useMemo(() => computed(() => loss(nearest(points.value, at.value)?.y ?? NaN)), [points, at]);
  const empty = useMemo(() => computed(() => points.value.length === 0), [points]);
  if (series.ifMeasured && empty.value) return null;
  return (
    <div
      class={classNames(styles.entry, roleClass(series))}
      style={toneStyle(series)}
      data-part="legend-entry"
      data-series={series.id}
    >
      <dt>
        <svg class={styles.swatch} viewBox="0 0 22 8" aria-hidden="true">
          <path class={classNames(styles.line, roleClass(series))} style={toneStyle(series)} d="M1 4H21" />
        </svg>
        <Live text={series.label} />
      </dt>
      <Live as="dd" text={value} numeric />
    </div>
  );
}
