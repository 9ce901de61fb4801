import { Live } from '../../i18n/live';
import styles from './pairs.module.css';

/** Numbers beneath each other, each behind its name. */
export function Pairs({ pairs }: { pairs: readonly (readonly [name: string, value: string])[] }) {
  return (
    <dl class={styles.pairs}>
      {pairs.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <Live as="dd" numeric text={value} />
        </div>
      ))}
    </dl>
  );
}
