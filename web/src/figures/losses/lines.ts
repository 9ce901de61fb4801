import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { Point } from '../../charts/points';
import type { LabelSide, Series } from '../../charts/series';
import type { ReferenceName, Score } from '../../protocol/results';
import type { RunState } from '../../run/run-state';
import { say } from './messages';

export interface ChartProps {
  readonly state: RunState;
  readonly yMaximum: ReadonlySignal<number>;
}

/** The lines of both charts, from front to back: names and styles are the same in both. */
const referenceLines = [
  { name: 'gradient_descent', role: 'gradient-descent', labelSide: 'below', ifMeasured: false },
  { name: 'least_squares', role: 'least-squares', labelSide: 'above', ifMeasured: false },
  { name: 'zero', role: 'zero', labelSide: 'above', ifMeasured: false },
  { name: 'least_squares_window', role: 'task-reference', labelSide: 'below', ifMeasured: true },
  { name: 'least_squares_feature', role: 'task-reference', labelSide: 'below', ifMeasured: true },
  { name: 'least_squares_true_pairs', role: 'task-reference', labelSide: 'below', ifMeasured: true },
] as const;

/** The model's line, then one for each reference with the points that `place` makes of its losses. */
export function createSeries(
  state: RunState,
  model: ReadonlySignal<readonly Point[]>,
  place: (score: Score) => readonly Point[],
): [Series, ...Series[]] {
  // Clear of the label under the line above it.
  const leastSquaresSide = computed<LabelSide>(() => {
    const mean = (name: ReferenceName): number => state.reference(name)?.mean ?? 0;
    const gap = mean('gradient_descent') - mean('least_squares');
    return gap < mean('zero') / 4 ? 'below' : 'above';
  });
  return [
    { id: 'model', role: 'model', label: say('line.model'), points: model },
    ...referenceLines.map(({ name, role, labelSide, ifMeasured }) => ({
      id: name,
      role,
      label: say(`line.${name}`),
      labelSide: name === 'least_squares' ? leastSquaresSide : signal(labelSide),
      ifMeasured,
      points: computed(() => {
        const reference = state.reference(name);
        return reference ? place(reference) : [];
      }),
    })),
  ];
}

/**
 * How far up both charts reach, so that heights compare: over all lines, but not after a run that has
 * gone astray. Predicting zero is a fair measure of what there is to see.
 */
export function createMaximum(state: RunState): ReadonlySignal<number> {
  return computed(() => {
    const zero = highest(state.reference('zero'));
    const model = Math.max(highest(state.newest.value), highest(state.first.value));
    if (zero === 0) return model || 1;
    return Math.min(Math.max(zero, model), 1.5 * zero) * 1.06;
  });
}

const highest = (score: Score | undefined): number =>
  Math.max(0, ...Array.from(score?.curve ?? []).filter(Number.isFinite));
