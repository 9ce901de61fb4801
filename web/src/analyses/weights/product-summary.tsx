import type { ReadonlySignal } from '@preact/signals';
import type { Band } from '../../charts/heat-map';
import { Live } from '../../i18n/live';
import { fixed, integer, percent } from '../../i18n/numbers';
import { MapSummary } from '../parts/map-summary';
import { say } from './messages';
import { blockMeans, shareAbove } from './product';
import styles from './product-summary.module.css';

interface ProductSummaryProps {
  /** Names the table of means, for a screen reader. */
  readonly label: string;
  readonly entries: ReadonlySignal<Float32Array>;
  readonly channels: readonly Band[];
}

/** The shares of the largest entry above which entries are counted. */
export const thresholds = [0.1, 0.01] as const;

/** How sparse a weight product is, and, where its channels form blocks, the mean of each block's diagonal. */
export function ProductSummary({ label, entries, channels }: ProductSummaryProps) {
  const size = channels[0]?.size;
  return (
    <MapSummary
      pairs={thresholds.map((share) => [
        say('entries-above', { share: percent(share) }),
        percent(shareAbove(entries.value, share)),
      ])}
    >
      {size !== undefined && (
        <table class={styles.means} aria-label={label}>
          <caption>{say('means')}</caption>
          <tbody>
            {blockMeans(entries.value, size).map((row, index) => (
              <tr key={index}>
                {row.map((mean, column) => (
                  <BlockMean key={column} mean={mean} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </MapSummary>
  );
}

/** As short as four of them beside each other have to be; one that is nothing stands back. */
function BlockMean({ mean }: { mean: number }) {
  const decimals = Math.abs(mean) < 9.995 ? 2 : 1;
  const isNothing = Math.abs(mean) < 0.5 * 10 ** -decimals;
  return (
    <Live
      as="td"
      class={isNothing ? styles.nothing : undefined}
      numeric
      text={isNothing ? integer(0) : fixed(mean, decimals)}
    />
  );
}
