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
  /** Points are at least so many steps apart, but for the newest one. */
  readonly gap: number;
}

export const emptyHistory: LossHistory = {
  kept: { steps: [], means: [] },
  rolledBack: { steps: [], means: [] },
  gap: 1,
};

/** More points than a chart has room for. When there are so many, half of them go, evenly over the whole run. */
const mostPoints = 2000;

const select = ({ steps, means }: History, chosen: (index: number) => boolean): History => ({
  steps: steps.filter((_, index) => chosen(index)),
  means: means.filter((_, index) => chosen(index)),
});

/** Points that are `gap` steps apart. The first and the last one stay. */
function thin(history: History, gap: number): History {
  const last = history.steps.length - 1;
  let kept = -Infinity;
  const stays = history.steps.map((step, index) => {
    if (step - kept < gap && index !== last) return false;
    kept = step;
    return true;
  });
  return select(history, (index) => stays[index] === true);
}

/**
 * The history with newer evaluations behind it; those that are not newer, as after a pause at a measured step, change
 * nothing.
 */
export function extend(history: LossHistory, evaluations: readonly Evaluation[]): LossHistory {
  const newer = newerThan(history.kept.steps.at(-1) ?? -1, evaluations);
  if (newer.length === 0) return history;
  const steps = [...history.kept.steps];
  const means = [...history.kept.means];
  for (const { step, mean } of newer) {
    // The newest one before was kept only for being the newest.
    if ((steps.at(-1) ?? 0) - (steps.at(-2) ?? -Infinity) < history.gap) {
      steps.pop();
      means.pop();
    }
    steps.push(step);
    means.push(mean);
  }
  if (steps.length <= mostPoints) return { ...history, kept: { steps, means } };
  const gap = (2 * ((steps.at(-1) ?? 0) - (steps[0] ?? 0))) / mostPoints;
  return { ...history, gap, kept: thin({ steps, means }, gap) };
}

function newerThan(step: number, evaluations: readonly Evaluation[]): Evaluation[] {
  let last = step;
  return evaluations.filter((evaluation) => {
    if (evaluation.step <= last) return false;
    last = evaluation.step;
    return true;
  });
}

/** Training went back to `step`: what was measured behind it is kept apart. */
export function rollBack({ kept, gap }: LossHistory, step: number): LossHistory {
  return {
    gap,
    kept: select(kept, (index) => (kept.steps[index] ?? 0) <= step),
    rolledBack: select(kept, (index) => (kept.steps[index] ?? 0) > step),
  };
}
