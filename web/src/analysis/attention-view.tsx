import { computed, useComputed, useSignal, type ReadonlySignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { LayerChoice } from '../app/choice';
import { MapRow, type Reading } from '../app/map-row';
import type { Bands, Cell, Grid } from '../charts/heat-map';
import { percent, rough } from '../format';
import type { AnalysisView, FindingsProps } from './analysis-view';

function Introduction() {
  return (
    <p class="prose">
      Where does each head look? The maps show how strongly position t (rows) attends to each position up to
      its own (columns), averaged over sequences; where scores can be negative, their size. If a head works on
      the current point, the diagonal of its map stands out; if it fetches the previous one, the line beside
      it.
    </p>
  );
}

function Findings({ result }: FindingsProps<'attention'>) {
  const layer = useSignal(0);
  const layers = result.value.layers.length;
  const headCount = result.value.heads.length / layers;
  const shown = useComputed(() => result.value.heads.filter((head) => head.layer === layer.value));
  const positions = result.value.sensitivity.map.rows;
  const bands = useMemo(() => positionBands(positions), [positions]);
  const maps = useMemo(
    () =>
      Array.from({ length: headCount }, (_, head) => ({
        name: `Head ${head + 1}`,
        grid: computed(() => shown.value[head]?.scores ?? empty),
        summary: <NearbyShares of={computed(() => shown.value[head])} />,
      })),
    [headCount, shown],
  );
  const limit = useComputed(() => Math.max(...shown.value.map(({ scores }) => largestOf(scores))));
  const sensitivity = useMemo(
    () => [{ name: 'First layer', grid: computed(() => result.value.sensitivity.map) }],
    [result],
  );
  const both = result.value.layers[layer.value];
  return (
    <>
      {layers > 1 && <LayerChoice layers={layers} chosen={layer} />}
      <MapRow
        heading="Attention"
        subject="attention by position"
        text={
          <>
            From position 8 on, {percent(both?.current ?? 0)} of this layer’s attention falls on the current
            position and {percent(both?.previous ?? 0)} on the previous one. If all positions were looked at
            alike, it would be {percent(result.value.uniform)} each.
          </>
        }
        maps={maps}
        limit={limit}
        signed={false}
        bands={bands}
        read={(map, cell) => reading(shown.value[map]?.scores ?? empty, `head ${map + 1}`, 'looks at', cell)}
      />
      <MapRow
        heading="Sensitivity"
        subject="how much its output depends on each position"
        text={`How much the first layer’s output at a position (rows) moves when the point at another (columns) does: the size of its derivative, a root mean square over ${result.value.sensitivity.sequences} sequences.`}
        maps={sensitivity}
        limit={useComputed(() => largestOf(result.value.sensitivity.map))}
        signed={false}
        bands={bands}
        read={(_, cell) => reading(result.value.sensitivity.map, 'output', 'depends on', cell)}
      />
    </>
  );
}

const empty: Grid = { rows: 1, columns: 1, entries: [0] };

const largestOf = ({ entries }: Grid): number => {
  let largest = 0;
  for (const entry of Array.from(entries)) largest = Math.max(largest, entry);
  return largest;
};

interface Shares {
  readonly current: number;
  readonly previous: number;
}

/** How much of a head's attention falls on its own position and on the one before. */
function NearbyShares({ of: shares }: { of: ReadonlySignal<Shares | undefined> }) {
  const { current = 0, previous = 0 } = shares.value ?? {};
  return (
    <div class="map-summary">
      <dl>
        <div>
          <dt>current</dt>
          <dd>{percent(current)}</dd>
        </div>
        <div>
          <dt>previous</dt>
          <dd>{percent(previous)}</dd>
        </div>
      </dl>
    </div>
  );
}

/** Stripes of ten positions, or of fifty where there are many. */
function positionBands(positions: number): Bands {
  const size = positions > 100 ? 50 : 10;
  const bands = Array.from({ length: Math.ceil(positions / size) }, (_, index) => {
    const first = index * size + 1;
    return {
      name: `from ${first}`,
      symbol: String(first),
      size: Math.min(size, positions - first + 1),
      namesStart: true,
    };
  });
  return { rows: bands, columns: bands };
}

function reading(grid: Grid, subject: string, verb: string, { row, column }: Cell): Reading {
  const entry = rough(grid.entries[row * grid.columns + column] ?? 0);
  const words = `${subject} at position ${row + 1} ${verb} position ${column + 1}: ${entry}`;
  return { shown: words.charAt(0).toUpperCase() + words.slice(1), spoken: words };
}

export const attention: AnalysisView<'attention'> = { Introduction, Findings };
