import type { ComponentChildren } from 'preact';
import { Live } from '../../i18n/live';
import styles from './readings.module.css';

interface Reading {
  readonly key: string;
  readonly name: ComponentChildren;
  readonly value: string;
}

/** A few numbers beside each other, each under its name. */
export function Readings({ readings }: { readings: readonly Reading[] }) {
  return (
    <dl class={styles.readings} data-part="readings">
      {readings.map(({ key, name, value }) => (
        <div key={key}>
          <dt>{name}</dt>
          <Live as="dd" numeric text={value} />
        </div>
      ))}
    </dl>
  );
}
