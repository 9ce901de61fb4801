import { computed, signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { MapRow } from '../app/map-row';
import { percent } from '../format';
import type { AnalysisView, FindingsProps } from './analysis-view';
import { depthBands, depthName } from './depths';

function Introduction() {
  return (
    <p class="prose">
      To learn that one point leads to the next, a model has to bring the two together in one place. Which
      points of the past can be read off where the current one stands? Linear probes look for each of the last
      eight, before the first layer and behind every one, and are measured on sequences that they were not
      fitted on. In a model that sees only the current point, binding the previous one to it is the work of
      the first layer.
    </p>
  );
}

const whole = signal(1);

function Findings({ result }: FindingsProps<'binding'>) {
  const { rows } = result.value.relative_error;
  const lags = result.value.lags.length;
  const bands = useMemo(
    () => ({
      rows: depthBands(rows),
      columns: Array.from({ length: lags }, (_, lag) => ({
        name: pointName(lag),
        symbol: pointSymbol(lag),
        size: 1,
      })),
    }),
    [rows, lags],
  );
  const maps = useMemo(
    () => [
      {
        name: 'Share of the variance that is read out',
        grid: computed(() => {
          const { columns, entries, rows: height } = result.value.relative_error;
          return { rows: height, columns, entries: entries.map((error) => Math.max(0, 1 - error)) };
        }),
      },
    ],
    [result],
  );
  return (
    <MapRow
      heading="Points that can be read"
      subject="by layer and by how far back the point lies"
      text="From 0, where a probe can do no better than to guess the mean, to 1, where it reads the point exactly."
      maps={maps}
      limit={whole}
      signed={false}
      bands={bands}
      aspect={lags / rows / 1.6}
      read={(_, { row, column }) => {
        const error = result.value.relative_error.entries[row * lags + column] ?? NaN;
        const words = `${percent(Math.max(0, 1 - error))} read out, error / variance ${error.toFixed(3)}`;
        return {
          shown: (
            <>
              {depthName(row)}, {pointSymbol(column)}: {words}
            </>
          ),
          spoken: `${depthName(row)}, ${pointName(column)}: ${words}`,
        };
      }}
    />
  );
}

const pointName = (lag: number): string => (lag === 0 ? 's_t' : `s_t−${lag}`);

const pointSymbol = (lag: number) => (
  <var class="symbol">
    s<sub>{lag === 0 ? 't' : `t−${lag}`}</sub>
  </var>
);

export const binding: AnalysisView<'binding'> = { Introduction, Findings };
