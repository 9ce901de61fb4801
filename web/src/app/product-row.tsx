import { computed, useComputed, type ReadonlySignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { Band, Cell } from '../charts/heat-map';
import { percent, rough } from '../format';
import type { HeadWeights } from '../worker/messages';
import { locateChannel } from './channel-bands';
import { MapRow, type Reading, type RowMap } from './map-row';
import { diagonalShare, largestEntry, type Product } from './product';
import { ProductSummary } from './product-summary';

interface ProductRowProps {
  readonly product: Product;
  readonly headCount: number;
  readonly heads: ReadonlySignal<readonly HeadWeights[]>;
  /** What the channels of a token hold. */
  readonly channels: readonly Band[];
  readonly outlined: Cell | undefined;
}

/** One product of all heads side by side, on one colour scale. */
export function ProductRow(props: ProductRowProps) {
  const { product, headCount, heads, channels, outlined } = props;
  const limit = useComputed(() => largestEntry(heads.value, product.key));
  const maps = useMemo(
    () => Array.from({ length: headCount }, (_, head) => headMap(head, product, heads, channels, outlined)),
    [headCount, product, heads, channels, outlined],
  );
  const bands = useMemo(() => ({ rows: channels, columns: channels }), [channels]);
  return (
    <MapRow
      heading={
        <>
          <span class="formula">{product.symbol}</span> {product.name}
        </>
      }
      subject={product.name}
      text={product.meaning}
      maps={maps}
      limit={limit}
      signed
      bands={bands}
      outlined={outlined}
      read={(head, cell) => readEntry(product, channels, heads.value, head, cell)}
    />
  );
}

const none = new Float32Array();

/** One product of one head, and how much of it lies where Proposition 1 would have it. */
function headMap(
  head: number,
  product: Product,
  heads: ReadonlySignal<readonly HeadWeights[]>,
  channels: readonly Band[],
  outlined: Cell | undefined,
): RowMap {
  const entries = computed(() => heads.value[head]?.[product.key] ?? none);
  const blockSize = channels[0]?.size;
  return {
    name: `Head ${head + 1}`,
    figure:
      outlined && blockSize
        ? computed(() => percent(diagonalShare(entries.value, blockSize, outlined.row, outlined.column)))
        : undefined,
    grid: computed(() => {
      const size = heads.value[head]?.size ?? 1;
      return { rows: size, columns: size, entries: entries.value };
    }),
    summary: (
      <ProductSummary name={`Head ${head + 1}, ${product.name}`} entries={entries} channels={channels} />
    ),
  };
}

function readEntry(
  product: Product,
  channels: readonly Band[],
  heads: readonly HeadWeights[],
  head: number,
  { row, column }: Cell,
): Reading {
  const weights = heads[head];
  const entry = rough(weights?.[product.key][row * weights.size + column] ?? 0);
  const name = (channel: number): string => {
    const { band, place } = locateChannel(channels, channel);
    return `${band.name} ${place}`;
  };
  return {
    shown: (
      <>
        Head {head + 1}: {product.rows} <Channel channels={channels} channel={row} />, {product.columns}{' '}
        <Channel channels={channels} channel={column} />: {entry}
      </>
    ),
    spoken: `head ${head + 1}, ${product.rows} ${name(row)}, ${product.columns} ${name(column)}: ${entry}`,
  };
}

function Channel({ channels, channel }: { channels: readonly Band[]; channel: number }) {
  const { band, place } = locateChannel(channels, channel);
  return (
    <>
      {band.symbol} [{place}]
    </>
  );
}
