import type { ComponentChildren } from 'preact';
import { Live } from '../../i18n/live';
import styles from './map-summary.module.css';

interface MapSummaryProps {
  readonly pairs: readonly (readonly [name: string, value: string])[];
  /** A table above them. */
  readonly children?: ComponentChildren;
}

/** A few numbers about a heat map, under it. */
export function MapSummary({ pairs, children }: MapSummaryProps) {
  return (
    <div class={styles.summary} data-part="map-summary">
      {children}
      <dl>
        {pairs.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <Live as="dd" numeric text={value} />
          </div>
        ))}
      </dl>
    </div>
  );
}
