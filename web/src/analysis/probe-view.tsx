import { useComputed, useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { Choice } from '../app/choice';
import { LineChart } from '../charts/line-chart';
import type { Series } from '../charts/series';
import type { AnalysisView, FindingsProps } from './analysis-view';
import { depthName, depthSeries } from './depths';

const targets: Readonly<Record<string, { label: string; meaning: string }>> = {
  next_state: {
    label: 'the next point',
    meaning:
      'If the model comes nearer to its prediction with every layer, so does a probe for the next point.',
  },
  preconditioned_input: {
    label: 'the preconditioned input',
    meaning:
      'The current point multiplied by the inverse of the matrix (S Sᵀ + 0.001 I), where the columns of S are the points before it: with it, one gradient step would land on the least-squares solution. A model that improves it layer by layer runs more than single gradient steps.',
  },
  feature: {
    label: 'the hidden feature',
    meaning: 'The current point as the fixed function bends it, before it is turned.',
  },
  previous_feature: {
    label: 'the previous hidden feature',
    meaning: 'The previous point as the fixed function bends it, before it is turned.',
  },
};

function Introduction() {
  return (
    <p class="prose">
      What does the model know, and where? For each layer and position a linear map of its own, a probe, is
      fitted from what stands there to what one looks for, and measured on other sequences. An error of 1
      means that the probe does no better than guessing the mean, and 0 that it reads out all there is.
    </p>
  );
}

function Findings({ result }: FindingsProps<'probe'>) {
  const name = useSignal(result.value.targets[0]?.name ?? '');
  const depth = useSignal(-1);
  const target = useComputed(() => result.value.targets.find((one) => one.name === name.value));
  const count = target.value?.relative_error.rows ?? 1;
  const series = useMemo(
    () =>
      depthSeries(
        count,
        () => target.value?.relative_error ?? { rows: 0, columns: 0, entries: new Float64Array() },
        () => (depth.value < 0 ? undefined : depth.value),
      ) as [Series, ...Series[]],
    [count, target, depth],
  );
  const positions = useComputed(() => target.value?.relative_error.columns ?? 2);
  return (
    <div class="findings">
      <div class="findings-text">
        <Choice
          legend="Probe for"
          options={result.value.targets.map((one) => ({
            value: one.name,
            label: targets[one.name]?.label ?? one.name,
          }))}
          chosen={name}
        />
        <p>{targets[name.value]?.meaning}</p>
        <Choice
          legend="Read from"
          options={[
            { value: -1, label: 'all' },
            ...Array.from({ length: count }, (_, value) => ({ value, label: depthName(value) })),
          ]}
          chosen={depth}
        />
      </div>
      <LineChart
        title={`Probing for ${targets[name.value]?.label ?? name.value}`}
        level={3}
        xLabel="position t in the sequence"
        yLabel="squared error / variance"
        xDomain={useComputed(() => [1, positions.value] as const)}
        yMaximum={useComputed(() => 1.15)}
        series={series}
        describe={(x) => `at t = ${x}`}
      />
    </div>
  );
}

export const probe: AnalysisView<'probe'> = { Introduction, Findings };
