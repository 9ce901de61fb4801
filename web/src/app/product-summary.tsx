import type { ReadonlySignal } from '@preact/signals';
import type { Band } from '../charts/heat-map';
import { percent } from '../format';
import { blockMeans, shareAbove } from './product';

interface ProductSummaryProps {
  readonly name: string;
  readonly entries: ReadonlySignal<Float32Array>;
  readonly channels: readonly Band[];
}

/** How sparse a weight product is, and, where its channels form blocks, the mean of each block's diagonal. */
export function ProductSummary({ name, entries, channels }: ProductSummaryProps) {
  const size = channels[0]?.size;
  return (
    <div class="map-summary">
      {size !== undefined && (
        <table aria-label={`${name}: means of the blocks’ diagonals`}>
          <caption>means of the blocks’ diagonals</caption>
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
      <dl>
        <div>
          <dt>entries above 10 %</dt>
          <dd>{percent(shareAbove(entries.value, 0.1))}</dd>
        </div>
        <div>
          <dt>entries above 1 %</dt>
          <dd>{percent(shareAbove(entries.value, 0.01))}</dd>
        </div>
      </dl>
    </div>
  );
}

/** As short as four of them beside each other have to be; one that is nothing stands back. */
function BlockMean({ mean }: { mean: number }) {
  const text = mean.toFixed(Math.abs(mean) < 9.995 ? 2 : 1);
  const zero = Number(text) === 0;
  return <td class={zero ? 'zero' : ''}>{zero ? '0' : text.replace('-', '−')}</td>;
}
