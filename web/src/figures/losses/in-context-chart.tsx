import { useComputed } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { LineChart } from '../../charts/line-chart';
import type { Point } from '../../charts/points';
import { integer } from '../../i18n/numbers';
import type { Score } from '../../protocol/results';
import { numberSetting } from '../../protocol/run-spec';
import { createSeries, type ChartProps } from './lines';
import { say } from './messages';

/** Loss at each position, counted from 1. */
const byPosition = ({ curve }: Score): readonly Point[] =>
  Array.from(curve, (loss, index) => ({ x: index + 1, y: loss }));

export function InContextChart({ state, yMaximum }: ChartProps) {
  const model = useComputed(() => (state.newest.value ? byPosition(state.newest.value) : []));
  const series = useMemo(() => createSeries(state, model, byPosition), [state, model]);
  const positions = useComputed(() => {
    const configuration = state.configuration.value;
    return Math.max(2, configuration ? numberSetting(configuration, 'sequence_length') : 0);
  });
  return (
    <LineChart
      title={say('position.title')}
      xLabel={say('position.x')}
      yLabel={say('position.y')}
      xDomain={useComputed(() => [1, positions.value] as const)}
      yMaximum={yMaximum}
      series={series}
      describe={(t) => say('position.place', { t: integer(t) })}
    />
  );
}
