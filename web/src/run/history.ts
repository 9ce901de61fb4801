import type { Evaluation } from '../protocol/results';

/** Mean losses by training step, in order, as many as a chart can show. */
export interface History {
  readonly steps: readonly number[];
  readonly means: readonly number[];
}

/** What was trained and then taken back: the run went on from an earlier step. */
export interface LossHistory {
  readonly kept: History;
  readonly rolledBack: History;
}

export const emptyHistory: LossHistory = {
  kept: { steps: [], means: [] },
  rolledBack: { steps: [], means: [] },
};

/** So many points at most: every second one goes whenever there are more. */
const mostPoints = 2000;

const select = ({ steps, means }: History, chosen: (index: number) => boolean): History => ({
  steps: steps.filter((_, index) => chosen(index)),
  means: means.filter((_, index) => chosen(index)),
});

/** The first and the last one stay. */
function thin(history: History): History {
  const last = history.steps.length - 1;
  if (last < mostPoints) return history;
  return select(history, (index) => index % 2 === 0 || index === last);
}

/**
 * The history with newer evaluations behind it; those that are not newer, as after a pause at a measured step, change
 * nothing.
 */
export function extend(history: LossHistory, evaluations: readonly Evaluation[]): LossHistory {
  const { steps, means } = history.kept;
  let last = steps.at(-1) ?? -1;
  const newer = evaluations.filter(({ step }) => {
    if (step <= last) return false;
    last = step;
    return true;
  });
  if (newer.length === 0) return history;
  return {
    ...history,
    kept: thin({
      steps: [...steps, ...newer.map(({ step }) => step)],
      means: [...means, ...newer.map(({ mean }) => mean)],
    }),
  };
}

/** Training went back to `step`: what was measured behind it is kept apart. */
export function rollBack({ kept }: LossHistory, step: number): LossHistory {
  return {
    kept: select(kept, (index) => (kept.steps[index] ?? 0) <= step),
    rolledBack: select(kept, (index) => (kept.steps[index] ?? 0) > step),
  };
}
