import { useComputed, type ReadonlySignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { LineChart } from '../../charts/line-chart';
import type { Series } from '../../charts/series';
import { integer } from '../../i18n/numbers';
import type { FindingsProps } from '../definition';
import { curve } from '../parts/curves';
import { Charts, Prose } from '../parts/findings';
import { v } from '../parts/math';
import { say as sayPart } from '../parts/messages';
import { say } from './messages';
import type { FewShotResult } from './result';

export function Introduction() {
  return <Prose>{say.rich('introduction', { v })}</Prose>;
}

export function Findings({ result }: FindingsProps<FewShotResult>) {
  return (
    <Charts>
      <FewShotChart
        title={say('one.title')}
        xLabel={say('one.axis')}
        tasks={useComputed(() => result.value.one_task)}
        note={say.rich('one.note', { v, sequences: integer(result.value.sequences) })}
      />
      <FewShotChart
        title={say('two.title')}
        xLabel={say('two.axis')}
        tasks={useComputed(() => result.value.two_tasks)}
        note={say('two.note')}
      />
    </Charts>
  );
}

type Tasks = FewShotResult['one_task'];

interface FewShotChartProps {
  readonly title: string;
  readonly xLabel: string;
  readonly tasks: ReadonlySignal<Tasks>;
  readonly note: ComponentChildren;
}

function FewShotChart({ title, xLabel, tasks, note }: FewShotChartProps) {
  const series = useMemo(() => createSeries(tasks), [tasks]);
  const last = useComputed(() => tasks.value.pair.length - 1);
  return (
    <LineChart
      title={title}
      level={3}
      xLabel={xLabel}
      yLabel={sayPart('axis.loss')}
      xDomain={useComputed(() => [0, last.value] as const)}
      yMaximum={useComputed(() => maximumOf(tasks.value))}
      series={series}
      describe={(x) => describePlace(tasks.value, x)}
      note={note}
    />
  );
}

function createSeries(tasks: ReadonlySignal<Tasks>): [Series, ...Series[]] {
  const all = () => tasks.value.curves;
  return [
    curve({ role: 'model', label: sayPart('model'), heights: () => all().model, from: 0 }),
    curve({
      role: 'least-squares',
      label: say('line.all-steps'),
      heights: () => all().least_squares,
      from: 0,
    }),
    curve({
      role: 'task-reference',
      label: say('line.true-pairs'),
      heights: () => all().least_squares_true_pairs,
      from: 0,
    }),
  ];
}

/** What goes astray at first, be it the model or its reference, leaves the rest to be seen. */
function maximumOf({ curves }: Tasks): number {
  const { model, least_squares: stream, exact_true_pairs: exact } = curves;
  return Math.min(Math.max(...model, ...stream), 2 * (exact[0] ?? 1)) * 1.06;
}

function describePlace({ task, pair }: Tasks, index: number): string {
  const pairs = pair[index] ?? 0;
  const severalTasks = (task.at(-1) ?? 0) > 0;
  if (!severalTasks) return say('place.pairs', { pairs });
  return say('place.task', { task: integer((task[index] ?? 0) + 1), pairs });
}
