import { useComputed, type ReadonlySignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { LineChart } from '../../charts/line-chart';
import type { Series } from '../../charts/series';
import { integer } from '../../i18n/numbers';
import type { FindingsProps } from '../definition';
import { curve, largest } from '../parts/curves';
import { Charts, Prose } from '../parts/findings';
import { say as sayPart } from '../parts/messages';
import { say } from './messages';
import type { PromptResult } from './result';

export function Introduction() {
  return <Prose>{say('introduction')}</Prose>;
}

export function Findings({ result }: FindingsProps<PromptResult>) {
  return (
    <Charts>
      <ErrorChart result={result} />
      <TuningChart result={result} />
    </Charts>
  );
}

type Result = ReadonlySignal<PromptResult>;

/** The few-shot error by pairs seen, with what was tuned and without. */
function ErrorChart({ result }: { result: Result }) {
  const series = useMemo(() => errorSeries(result), [result]);
  const pairs = useComputed(() => result.value.eos_and_prefix.after.length - 1);
  return (
    <LineChart
      title={say('error.title')}
      level={3}
      xLabel={say('error.axis')}
      yLabel={sayPart('axis.loss')}
      xDomain={useComputed(() => [0, pairs.value] as const)}
      yMaximum={useComputed(() => 1.06 * largest(series))}
      series={series}
      describe={(x) => say('error.place', { pairs: x })}
    />
  );
}

function errorSeries(result: Result): [Series, ...Series[]] {
  /** As many pairs as have room beside EOS and prefix. */
  const common = (heights: Float64Array) => heights.subarray(0, result.value.eos_and_prefix.after.length);
  const line = (role: Series['role'], label: string, heights: () => Float64Array): Series =>
    curve({ role, label, heights: () => common(heights()), from: 0 });
  return [
    line('model', say('line.both-tuned'), () => result.value.eos_and_prefix.after),
    line('gradient-descent', say('line.eos-tuned'), () => result.value.eos.after),
    line('task-reference', say('line.eos-untuned'), () => result.value.eos.before),
    line('zero', say('line.no-eos'), () => result.value.no_eos),
  ];
}

/** How the loss fell with the updates of the prompt. */
function TuningChart({ result }: { result: Result }) {
  const series = useMemo(() => tuningSeries(result), [result]);
  return (
    <LineChart
      title={say('tuning.title')}
      level={3}
      xLabel={say('tuning.x-axis')}
      yLabel={say('tuning.y-axis')}
      xDomain={useComputed(() => [1, result.value.updates] as const)}
      yMaximum={useComputed(() => 1.06 * largest(series))}
      series={series}
      noisy
      describe={(x) => say('tuning.place', { update: integer(x) })}
    />
  );
}

const tuningSeries = (result: Result): [Series, ...Series[]] => [
  curve({
    role: 'model',
    label: say('tuning.both'),
    heights: () => result.value.eos_and_prefix.training_loss,
  }),
  curve({
    role: 'gradient-descent',
    label: say('tuning.eos'),
    heights: () => result.value.eos.training_loss,
  }),
];
