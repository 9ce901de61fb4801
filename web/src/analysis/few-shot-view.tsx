import { useComputed, type ReadonlySignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { LineChart } from '../charts/line-chart';
import type { Series } from '../charts/series';
import { integer } from '../format';
import type { AnalysisResult } from './results';
import type { AnalysisView, FindingsProps } from './analysis-view';
import { curve } from './curves';

function Introduction() {
  return (
    <p class="prose">
      The model was trained to continue sequences, and nothing else. Now it is shown a list of questions and
      answers: an input x, then y, its image under a rotation or reflection that is new in every list, then
      the next x. No weight changes, and nobody tells the model where a pair begins. Every other step, from an
      answer to the next question, means nothing. Once the model has been trained for a while, its error falls
      with the pairs it has seen all the same, often after a rise over the first few.
    </p>
  );
}

type Curves = AnalysisResult<'few-shot'>['one_task'];

function Findings({ result }: FindingsProps<'few-shot'>) {
  const one = useComputed(() => result.value.one_task);
  const two = useComputed(() => result.value.two_tasks);
  return (
    <div class="charts">
      <FewShotChart
        title="One task"
        xLabel="pairs seen before"
        curves={one}
        described={`Each loss is that of a prediction of y from its x, averaged over ${integer(result.value.sequences)} lists.`}
      />
      <FewShotChart
        title="Two tasks in a row"
        xLabel="pairs seen before, of both tasks"
        curves={two}
        described="Half-way another rotation takes over: the error jumps, and the new one is learned in its turn."
      />
    </div>
  );
}

interface FewShotChartProps {
  readonly title: string;
  readonly xLabel: string;
  readonly curves: ReadonlySignal<Curves>;
  readonly described: string;
}

function FewShotChart({ title, xLabel, curves, described }: FewShotChartProps) {
  const series = useMemo((): [Series, ...Series[]] => {
    const all = () => curves.value.curves;
    return [
      curve('model', 'Transformer', () => all().model, { from: 0 }),
      curve('least_squares', 'least squares, all steps', () => all().least_squares, { from: 0 }),
      curve('least_squares_true_pairs', 'least squares, true pairs', () => all().least_squares_true_pairs, {
        from: 0,
      }),
    ];
  }, [curves]);
  const last = useComputed(() => curves.value.pair.length - 1);
  const highest = useComputed(() => {
    const { model, least_squares: stream } = curves.value.curves;
    // What goes astray at first, be it the model or its reference, leaves the rest to be seen.
    return Math.min(Math.max(...model, ...stream), 2 * (curves.value.curves.exact_true_pairs[0] ?? 1)) * 1.06;
  });
  return (
    <div>
      <LineChart
        title={title}
        level={3}
        xLabel={xLabel}
        yLabel="squared error / 2"
        xDomain={useComputed(() => [0, last.value] as const)}
        yMaximum={highest}
        series={series}
        describe={(x) => describePlace(curves.value, x)}
      />
      <p class="chart-note">{described}</p>
    </div>
  );
}

function describePlace({ task, pair }: Curves, index: number): string {
  const seen = `${pair[index] ?? 0} pairs seen`;
  return (task.at(-1) ?? 0) > 0 ? `task ${(task[index] ?? 0) + 1}, ${seen}` : seen;
}

export const fewShot: AnalysisView<'few-shot'> = { Introduction, Findings };
