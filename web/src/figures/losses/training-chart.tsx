import { signal, useComputed } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { LineChart } from '../../charts/line-chart';
import type { Point } from '../../charts/points';
import type { Series } from '../../charts/series';
import { integer } from '../../i18n/numbers';
import type { History } from '../../run/history';
import { createSeries, type ChartProps } from './lines';
import { say } from './messages';

const byStep = ({ steps, means }: History): readonly Point[] =>
  steps.map((step, index) => ({ x: step, y: means[index] ?? NaN }));

export function TrainingChart({ state, yMaximum }: ChartProps) {
  const model = useComputed(() => byStep(state.history.value.kept));
  const rolledBack = useComputed(() => byStep(state.history.value.rolledBack));
  const series = useMemo((): [Series, ...Series[]] => {
    const [first, ...others] = createSeries(state, model, ({ mean }) => [
      { x: 0, y: mean },
      { x: state.end.value, y: mean },
    ]);
    const given: Series = {
      id: 'rolled_back',
      role: 'model',
      label: say('line.rolled_back'),
      points: rolledBack,
      faint: signal(true),
      ifMeasured: true,
    };
    return [first, given, ...others];
  }, [state, model, rolledBack]);
  return (
    <LineChart
      title={say('step.title')}
      xLabel={say('step.x')}
      yLabel={say('step.y')}
      xDomain={useComputed(() => [0, state.end.value] as const)}
      yMaximum={yMaximum}
      series={series}
      describe={(step) => say('step.place', { step: integer(step) })}
    />
  );
}
