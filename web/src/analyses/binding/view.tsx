import { computed, signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { MapRow } from '../../charts/map-row';
import { fixed, percent } from '../../i18n/numbers';
import type { FindingsProps } from '../definition';
import { depthBands, depthName } from '../parts/depths';
import { Prose } from '../parts/findings';
import { Symbol } from '../parts/math';
import { say } from './messages';
import type { BindingResult } from './result';

export function Introduction() {
  return <Prose>{say('introduction')}</Prose>;
}

const whole = signal(1);
/** Cells are this much higher than wide: there are few rows, and more columns. */
const cellHeight = 1.6;

const shareRead = (error: number): number => Math.max(0, 1 - error);

export function Findings({ result }: FindingsProps<BindingResult>) {
  const { rows } = result.value.relative_error;
  const lags = result.value.lags.length;
  const bands = useMemo(() => ({ rows: depthBands(rows), columns: pointBands(lags) }), [rows, lags]);
  const maps = useMemo(
    () => [
      {
        name: say('map'),
        grid: computed(() => {
          const { entries, ...size } = result.value.relative_error;
          return { ...size, entries: entries.map(shareRead) };
        }),
      },
    ],
    [result],
  );
  return (
    <MapRow
      heading={say('heading')}
      subject={say('subject')}
      text={say('text')}
      maps={maps}
      limit={whole}
      signed={false}
      bands={bands}
      aspect={lags / rows / cellHeight}
      read={(_, { row, column }) => {
        const error = result.value.relative_error.entries[row * lags + column] ?? NaN;
        const values = { depth: depthName(row), share: percent(shareRead(error)), error: fixed(error, 3) };
        return {
          shown: say.rich('reading', { ...values, point: pointSymbol(column) }),
          spoken: say('reading', { ...values, point: say('point', { lag: column }) }),
        };
      }}
    />
  );
}

const pointBands = (count: number) =>
  Array.from({ length: count }, (_, lag) => ({
    name: say('point', { lag }),
    symbol: pointSymbol(lag),
    size: 1,
  }));

const pointSymbol = (lag: number) => (
  <Symbol>
    s<sub>{lag === 0 ? 't' : `t−${lag}`}</sub>
  </Symbol>
);
