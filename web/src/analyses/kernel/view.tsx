import { useComputed, type ReadonlySignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { LineChart } from '../../charts/line-chart';
import type { Series } from '../../charts/series';
import { integer } from '../../i18n/numbers';
import type { FindingsProps } from '../definition';
import { curve, largest } from '../parts/curves';
import { FindingsRow, Prose } from '../parts/findings';
import { v } from '../parts/math';
import { say as sayPart } from '../parts/messages';
import { say } from './messages';
import type { KernelResult } from './result';

export function Introduction() {
  return <Prose>{say('introduction')}</Prose>;
}

export function Findings({ result }: FindingsProps<KernelResult>) {
  const series = useMemo(() => createSeries(result), [result]);
  return (
    <FindingsRow heading={say('heading')} text={<Extent result={result.value} />}>
      <LineChart
        title={say('title')}
        level={3}
        xLabel={say('x-axis')}
        yLabel={say('y-axis')}
        xDomain={useComputed(() => [0, result.value.dimension.at(-1) ?? 1] as const)}
        yMaximum={useComputed(() => Math.max(1.06, 1.06 * largest(series)))}
        series={series}
        describe={(x) => say('place', { dimension: integer(x) })}
      />
    </FindingsRow>
  );
}

function createSeries(result: ReadonlySignal<KernelResult>): [Series, ...Series[]] {
  const at = () => result.value.dimension;
  return [
    curve({
      role: 'task-reference',
      label: say('line.kernel'),
      heights: () => result.value.kernel_regression.relative_late,
      at,
    }),
    curve({
      role: 'least-squares',
      label: sayPart('least-squares'),
      heights: () => result.value.least_squares.relative_late,
      at,
    }),
  ];
}

/** What was measured, and on how much. */
function Extent({ result: { dimension, positions, sequences } }: { result: KernelResult }) {
  const first = (numbers: Float64Array): string => integer(numbers[0] ?? NaN);
  const last = (numbers: Float64Array): string => integer(numbers.at(-1) ?? NaN);
  return (
    <p>
      {say.rich('text', {
        v,
        firstDimension: first(dimension),
        firstPositions: first(positions),
        lastDimension: last(dimension),
        lastPositions: last(positions),
        mostSequences: first(sequences),
        fewestSequences: last(sequences),
      })}
    </p>
  );
}
