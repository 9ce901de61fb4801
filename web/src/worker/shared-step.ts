import type { Experiment } from '@engine/mesa-simd128.mjs';
import type { Line } from './line';

type BatchSum = ReturnType<Experiment['sumShare']>;
export type TrainingStatus = ReturnType<Experiment['train']>;

/**
 * One training step in a team: each member holds the same state, sums its own share of the batch, gives the
 * others its sum and takes theirs. `lines` lead to the other members in the order of their shares. All members
 * end with the same bits as one that took the step alone.
 */
export async function takeSharedStep(
  experiment: Experiment,
  share: number,
  lines: readonly Line[],
): Promise<TrainingStatus> {
  const shares = lines.length + 1;
  const sum = experiment.sumShare(share, shares);
  for (const line of lines) line.send(sum, line === lines.at(-1) ? [sum.gradient.buffer] : []);
  // While the sums travel.
  experiment.drawAhead(share, shares);
  for (const [index, line] of lines.entries()) {
    const other = index < share ? index : index + 1;
    experiment.setShare(other, shares, await line.take<BatchSum>());
  }
  return experiment.finishStep(shares);
}
