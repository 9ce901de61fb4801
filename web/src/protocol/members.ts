/**
 * What the worker that trains a run (the leader) says to a helper, and back. Both hold the same model: each sums a part
 * of a step's batch, gets the sums of the rest, and makes the same update of the whole. Tasks, sums and replies carry
 * the number of their round, so that a late one is never taken for that of another round.
 */

import type { Problem } from './problem';
import type { TrainingState } from './training-state';

/** Sums over the sequences of `count` gradient groups from `first` on: a node of the tree in which groups are added. */
export interface BatchSum {
  readonly first: number;
  readonly count: number;
  readonly squaredError: number;
  readonly squaredTargets: number;
  readonly gradient: Float32Array;
}

/** The memory of sums, to be given along with a message. */
export const buffersOfSums = (sums: readonly BatchSum[]): ArrayBuffer[] =>
  sums.map(({ gradient }) => gradient.buffer as ArrayBuffer);

/** Losses on the held-out sequences of `count` evaluation groups from `first` on. */
export interface LossSums {
  readonly first: number;
  readonly count: number;
  readonly byGroup: Float64Array;
  readonly bySequence: Float64Array;
}

/** Groups from `first` on, before `end`. */
export interface GroupRange {
  readonly first: number;
  readonly end: number;
}

export const groupsIn = ({ first, end }: GroupRange): number => end - first;

export type MemberTask =
  /** Sum these groups of the batch of the step at which the model is. */
  | { readonly type: 'sum'; readonly round: number; readonly step: number; readonly range: GroupRange }
  /** Measure these groups of the held-out sequences, with these parameters or else the model's own. */
  | {
      readonly type: 'evaluate';
      readonly round: number;
      readonly parameters: Float32Array | undefined;
      readonly range: GroupRange;
    };

export type MemberOrder =
  /** Leave what is under way, and do these tasks one after the other; the model is to be in this state first. */
  | {
      readonly type: 'begin';
      readonly state: TrainingState | undefined;
      readonly tasks: readonly MemberTask[];
    }
  /**
   * What others have summed in this round. Along with its own sums the leader says what comes after the step: whoever
   * knows that and has the sums of all groups makes the update and goes on with it.
   */
  | {
      readonly type: 'add';
      readonly round: number;
      readonly sums: readonly BatchSum[];
      readonly next: readonly MemberTask[] | undefined;
    }
  /** Leave out groups from `end` on that have not begun: somebody else sums them. */
  | { readonly type: 'shorten'; readonly round: number; readonly end: number };

export type MemberReply =
  /** The model is built: orders may come. */
  | { readonly type: 'ready' }
  | {
      readonly type: 'sums';
      readonly round: number;
      readonly sums: readonly BatchSum[];
      /** How many groups the helper summed, and the time they took: what its next range follows from. */
      readonly groups: number;
      readonly milliseconds: number;
    }
  | { readonly type: 'losses'; readonly round: number; readonly sums: LossSums }
  /** The helper can do no more for this run. */
  | { readonly type: 'failed'; readonly problem: Problem };
