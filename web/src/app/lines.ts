import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { Point } from '../charts/points';
import type { LabelSide, Series } from '../charts/series';
import type { RunState } from '../run/run-state';
import type { ReferenceName, Score } from '../worker/messages';

export interface ChartProps {
  readonly run: RunState;
  readonly yMaximum: ReadonlySignal<number>;
}

/** The lines of both charts, from front to back: names and styles are the same in both. */
const referenceLines = [
  { name: 'gradient_descent', label: 'one gradient step', labelSide: 'below', ifMeasured: false },
  { name: 'least_squares', label: 'least squares', labelSide: 'above', ifMeasured: false },
  { name: 'zero', label: 'predicting zero', labelSide: 'above', ifMeasured: false },
  {
    name: 'least_squares_window',
    label: 'least squares, several points',
    labelSide: 'below',
    ifMeasured: true,
  },
  {
    name: 'least_squares_feature',
    label: 'least squares, true feature',
    labelSide: 'below',
    ifMeasured: true,
  },
  {
    name: 'least_squares_true_pairs',
    label: 'least squares, true pairs',
    labelSide: 'below',
    ifMeasured: true,
  },
] as const;

/** The model's line, then one for each reference with the points that `place` makes of its losses. */
export function createSeries(
  run: RunState,
  model: ReadonlySignal<readonly Point[]>,
  place: (score: Score) => readonly Point[],
): [Series, ...Series[]] {
  // Clear of the label under the line above it.
  const leastSquaresSide = computed<LabelSide>(() => {
    const mean = (name: ReferenceName): number => run.reference(name)?.mean ?? 0;
    const gap = mean('gradient_descent') - mean('least_squares');
    return gap < mean('zero') / 4 ? 'below' : 'above';
  });
  return [
    { id: 'model', label: 'Transformer', points: model },
    ...referenceLines.map(({ name, label, labelSide, ifMeasured }) => ({
      id: name,
      label,
      labelSide: name === 'least_squares' ? leastSquaresSide : signal(labelSide),
      ifMeasured,
      points: computed(() => {
        const reference = run.reference(name);
        return reference ? place(reference) : [];
      }),
    })),
  ];
}

/**
 * How far up both charts reach, so that heights compare: over all lines, but not after a run that has
 * gone astray. Predicting zero is a fair measure of what there is to see.
 */
export function createMaximum(run: RunState): ReadonlySignal<number> {
  return computed(() => {
    const curve = (score: Score | undefined): number => Math.max(0, ...(score?.curve ?? []));
    const zero = curve(run.reference('zero'));
    const model = Math.max(curve(run.newest.value), curve(run.evaluations.value[0]));
    if (zero === 0) return model || 1;
    return Math.min(Math.max(zero, model), 1.5 * zero) * 1.06;
  });
}
