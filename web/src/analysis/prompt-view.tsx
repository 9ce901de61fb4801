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
      Can a prompt make the model a better few-shot learner? The weights stay as they are. Tuned, by gradient
      descent, is what the model reads besides the pairs: first a token that follows each pair and so says
      where it ends, EOS, then a prefix of twenty tokens before the first pair. It takes seconds to minutes,
      depending on the model; training goes on beside it.
    </p>
  );
}

function Findings({ result }: FindingsProps<'prompt'>) {
  const curves = useMemo((): [Series, ...Series[]] => {
    // As many pairs as have room beside EOS and prefix.
    const common = (heights: Float64Array) => heights.subarray(0, result.value.eos_and_prefix.after.length);
    const line = (id: string, label: string, heights: () => Float64Array) =>
      curve(id, label, () => common(heights()), { from: 0 });
    return [
      line('model', 'tuned EOS and prefix', () => result.value.eos_and_prefix.after),
      line('gradient_descent', 'tuned EOS', () => result.value.eos.after),
      line('features', 'EOS before tuning', () => result.value.eos.before),
      line('zero', 'no EOS', () => result.value.no_eos),
    ];
  }, [result]);
  const tuning = useMemo(
    (): [Series, ...Series[]] => [
      curve('model', 'EOS and prefix', () => result.value.eos_and_prefix.training_loss),
      curve('gradient_descent', 'EOS', () => result.value.eos.training_loss),
    ],
    [result],
  );
  const pairs = useComputed(() => result.value.eos_and_prefix.after.length - 1);
  return (
    <div class="charts">
      <LineChart
        title="Few-shot error"
        level={3}
        xLabel="pairs seen before"
        yLabel="squared error / 2"
        xDomain={useComputed(() => [0, pairs.value] as const)}
        yMaximum={useComputed(() => 1.06 * largest(curves))}
        series={curves}
        describe={(x) => `${x} pairs seen`}
      />
      <div class="noisy">
        <LineChart
          title="While it is tuned"
          level={3}
          xLabel="update of the prompt"
          yLabel="squared error / 2, mean over pairs"
          xDomain={useComputed(() => [1, result.value.updates] as const)}
          yMaximum={useComputed(() => 1.06 * largest(tuning))}
          series={tuning}
          describe={(x) => `update ${integer(x)}`}
        />
      </div>
    </div>
  );
}

export const prompt: AnalysisView<'prompt'> = { Introduction, Findings, order: 'Tune a prompt' };
