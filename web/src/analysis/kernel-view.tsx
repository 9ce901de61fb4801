import { useComputed } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { LineChart } from '../charts/line-chart';
import type { Series } from '../charts/series';
import { integer } from '../format';
import type { AnalysisView, FindingsProps } from './analysis-view';
import { curve, largest } from './curves';

function Introduction() {
  return (
    <p class="prose">
      Could a simpler algorithm do? Induction heads, which softmax attention is known to form, look for points
      of the past that resemble the current one and predict what followed them: kernel regression. Here it is
      set beside least squares on the run’s task as points get more dimensions, with five points of context
      for each dimension, both tuned anew each time. The model has no part in this.
    </p>
  );
}

function Findings({ result }: FindingsProps<'kernel'>) {
  const series = useMemo((): [Series, ...Series[]] => {
    const at = () => result.value.dimension;
    return [
      curve('features', 'kernel regression', () => result.value.kernel_regression.relative_late, { at }),
      curve('least_squares', 'least squares', () => result.value.least_squares.relative_late, { at }),
    ];
  }, [result]);
  const { dimension, positions, sequences } = result.value;
  const last = dimension.length - 1;
  return (
    <div class="findings">
      <div class="findings-text">
        <h3>As the dimension grows</h3>
        <p>
          The error late in the context, over the last fifth of the positions, as a share of what predicting
          zero costs there. From d = {dimension[0]} with {positions[0]} positions to d = {dimension[last]}{' '}
          with {positions[last]}; on {integer(sequences[0] ?? 0)} sequences down to{' '}
          {integer(sequences[last] ?? 0)}.
        </p>
      </div>
      <LineChart
        title="Kernel regression and least squares"
        level={3}
        xLabel="dimension d of a point"
        yLabel="squared error, predicting zero = 1"
        xDomain={useComputed(() => [0, result.value.dimension.at(-1) ?? 1] as const)}
        yMaximum={useComputed(() => Math.max(1.06, 1.06 * largest(series)))}
        series={series}
        describe={(x) => `at d = ${x}`}
      />
    </div>
  );
}

export const kernel: AnalysisView<'kernel'> = { Introduction, Findings, fixed: true };
