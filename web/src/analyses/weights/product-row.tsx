import { computed, useComputed, type ReadonlySignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { Band, Cell } from '../../charts/heat-map';
import { MapRow, type Reading, type RowMap } from '../../charts/map-row';
import { integer, percent, rough } from '../../i18n/numbers';
import type { HeadWeights } from '../../protocol/results';
import { Symbol } from '../parts/math';
import { say as sayPart } from '../parts/messages';
import { locateChannel } from './channels';
import { say } from './messages';
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

const symbols = {
  queryKey: (
    <Symbol large>
      W<sub>q</sub> W<sub>k</sub>
      <sup>⊤</sup>
    </Symbol>
  ),
  valueOutput: (
    <Symbol large>
      W<sub>v</sub> W<sub>o</sub>
    </Symbol>
  ),
};

/** One product of all heads side by side, on one colour scale. */
export function ProductRow(props: ProductRowProps) {
  const { product, headCount, heads, channels, outlined } = props;
  const maps = useMemo(
    () => Array.from({ length: headCount }, (_, head) => headMap(head, product, heads, channels, outlined)),
    [headCount, product, heads, channels, outlined],
  );
  const bands = useMemo(() => ({ rows: channels, columns: channels }), [channels]);
  const name = say(`${product}.name`);
  return (
    <MapRow
      heading={
        <>
          {symbols[product]} {name}
        </>
      }
      subject={name}
      text={say(`${product}.meaning`)}
      maps={maps}
      limit={useComputed(() => largestEntry(heads.value, product))}
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
  const entries = computed(() => heads.value[head]?.[product] ?? none);
  const blockSize = channels[0]?.size;
  const name = integer(head + 1);
  return {
    name: sayPart('head', { head: name }),
    figure:
      outlined && blockSize
        ? computed(() => percent(diagonalShare(entries.value, blockSize, outlined.row, outlined.column)))
        : undefined,
    grid: computed(() => {
      const size = heads.value[head]?.size ?? 1;
      return { rows: size, columns: size, entries: entries.value };
    }),
    summary: (
      <ProductSummary
        label={say('map.means', { head: name, product: say(`${product}.name`) })}
        entries={entries}
        channels={channels}
      />
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
  const values = {
    head: integer(head + 1),
    entry: rough(weights?.[product][row * weights.size + column] ?? 0),
  };
  return {
    shown: say.rich(`${product}.shown`, {
      ...values,
      row: channelShown(channels, row),
      column: channelShown(channels, column),
    }),
    spoken: say(`${product}.spoken`, {
      ...values,
      row: channelSpoken(channels, row),
      column: channelSpoken(channels, column),
    }),
  };
}

function channelShown(channels: readonly Band[], channel: number) {
  const { band, place } = locateChannel(channels, channel);
  return say.rich('channel.shown', { band: band.symbol, place: integer(place) });
}

function channelSpoken(channels: readonly Band[], channel: number): string {
  const { band, place } = locateChannel(channels, channel);
  return say('channel.spoken', { band: band.name, place: integer(place) });
}
