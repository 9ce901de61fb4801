/**
 * What the worker that trains a run (the leader) says to a helper, and back. A helper keeps nothing but the
 * configuration: each order brings the step and the weights that it is about. Orders and replies carry the number of
 * their round, so that a late reply is never taken for that of another round.
 */

import type { Problem } from './problem';

/** Sums over the sequences of `count` gradient groups from `first` on: a node of the tree in which groups are added. */
export interface BatchSum {
  readonly first: number;
  readonly count: number;
  readonly squaredError: number;
  readonly squaredLabels: number;
  readonly gradient: Float32Array;
}

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

export type MemberOrder =
  /** Sum these groups of the step's batch. */
  | {
      readonly type: 'sum';
      readonly round: number;
      readonly step: number;
      readonly parameters: Float32Array;
      readonly range: GroupRange;
    }
  /** Leave out groups from `end` on that have not begun: somebody else sums them. */
  | { readonly type: 'shorten'; readonly round: number; readonly end: number }
  /** Measure these groups of the held-out sequences. */
  | {
      readonly type: 'evaluate';
      readonly round: number;
      readonly parameters: Float32Array;
      readonly range: GroupRange;
    };

export type MemberReply =
  /** The model is built: orders may come. */
  | { readonly type: 'ready' }
  | {
      readonly type: 'sums';
      readonly round: number;
      readonly sums: readonly BatchSum[];
      /** How many groups that was, and the time they took: what the helper's next range follows from. */
      readonly groups: number;
      readonly milliseconds: number;
    }
  | { readonly type: 'losses'; readonly round: number; readonly sums: LossSums }
  /** The helper can do no more for this run. */
  | { readonly type: 'failed'; readonly problem: Problem };
