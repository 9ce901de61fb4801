import { computed, useComputed, useSignal, type ReadonlySignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { Bands, Cell, Grid } from '../../charts/heat-map';
import { MapRow, type Reading } from '../../charts/map-row';
import { integer, percent, rough } from '../../i18n/numbers';
import { LayerChoice } from '../../ui/choice';
import type { FindingsProps } from '../definition';
import { Prose } from '../parts/findings';
import { MapSummary } from '../parts/map-summary';
import { say as sayPart } from '../parts/messages';
import { say } from './messages';
import type { AttentionResult } from './result';

export function Introduction() {
  return <Prose>{say('introduction')}</Prose>;
}

export function Findings({ result }: FindingsProps<AttentionResult>) {
  const layer = useSignal(0);
  const layers = result.value.layers.length;
  const positions = result.value.sensitivity.map.rows;
  const bands = useMemo(() => positionBands(positions), [positions]);
  return (
    <>
      {layers > 1 && <LayerChoice layers={layers} chosen={layer} />}
      <Scores result={result} layer={layer} bands={bands} />
      <Sensitivity result={result} bands={bands} />
    </>
  );
}

interface MapsProps {
  readonly result: ReadonlySignal<AttentionResult>;
  readonly bands: Bands;
}

/** Where each head of a layer looks. */
function Scores({ result, layer, bands }: MapsProps & { readonly layer: ReadonlySignal<number> }) {
  const shown = useComputed(() => result.value.heads.filter((head) => head.layer === layer.value));
  const headCount = result.value.heads.length / result.value.layers.length;
  const maps = useMemo(
    () =>
      Array.from({ length: headCount }, (_, head) => ({
        name: sayPart('head', { head: integer(head + 1) }),
        grid: computed(() => shown.value[head]?.scores ?? empty),
        summary: <NearbyShares of={computed(() => shown.value[head])} />,
      })),
    [headCount, shown],
  );
  const both = result.value.layers[layer.value];
  return (
    <MapRow
      heading={say('heading')}
      subject={say('subject')}
      text={say('text', {
        current: percent(both?.current ?? 0),
        previous: percent(both?.previous ?? 0),
        uniform: percent(result.value.uniform),
      })}
      maps={maps}
      limit={useComputed(() => Math.max(...shown.value.map(({ scores }) => largestOf(scores))))}
      signed={false}
      bands={bands}
      read={(map, cell) => {
        const entry = readEntry(shown.value[map]?.scores ?? empty, cell);
        return reading(say('reading', { head: integer(map + 1), ...entry }));
      }}
    />
  );
}

/** What the first layer's output depends on. */
function Sensitivity({ result, bands }: MapsProps) {
  const grid = useComputed(() => result.value.sensitivity.map);
  const maps = useMemo(() => [{ name: say('sensitivity.map'), grid }], [grid]);
  return (
    <MapRow
      heading={say('sensitivity.heading')}
      subject={say('sensitivity.subject')}
      text={say('sensitivity.text', { sequences: integer(result.value.sensitivity.sequences) })}
      maps={maps}
      limit={useComputed(() => largestOf(grid.value))}
      signed={false}
      bands={bands}
      read={(_, cell) => reading(say('sensitivity.reading', readEntry(grid.value, cell)))}
    />
  );
}

const empty: Grid = { rows: 1, columns: 1, entries: [0] };

const largestOf = ({ entries }: Grid): number => {
  let largest = 0;
  for (const entry of Array.from(entries)) largest = Math.max(largest, entry);
  return largest;
};

const readEntry = ({ entries, columns }: Grid, { row, column }: Cell) => ({
  row: integer(row + 1),
  column: integer(column + 1),
  entry: rough(entries[row * columns + column] ?? 0),
});

const reading = (words: string): Reading => ({ shown: words, spoken: words });

interface Shares {
  readonly current: number;
  readonly previous: number;
}

/** How much of a head's attention falls on its own position and on the one before. */
function NearbyShares({ of: shares }: { of: ReadonlySignal<Shares | undefined> }) {
  const { current = 0, previous = 0 } = shares.value ?? {};
  return (
    <MapSummary
      pairs={[
        [say('current'), percent(current)],
        [say('previous'), percent(previous)],
      ]}
    />
  );
}

/** Stripes of ten positions, or of fifty where there are many. */
function positionBands(positions: number): Bands {
  const size = positions > 100 ? 50 : 10;
  const bands = Array.from({ length: Math.ceil(positions / size) }, (_, index) => {
    const first = index * size + 1;
    return {
      name: say('band', { first: integer(first) }),
      symbol: integer(first),
      size: Math.min(size, positions - first + 1),
      namesStart: true,
    };
  });
  return { rows: bands, columns: bands };
}
