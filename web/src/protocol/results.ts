/** What the engine measures of a run. Losses are squared errors / 2, summed over channels, on held-out sequences. */

import type { ProblemParameters } from './problem';
import type { RunSpec } from './run-spec';

export type ReferenceName =
  | 'gradient_descent'
  | 'least_squares'
  | 'least_squares_lagged'
  | 'zero'
  // Each for one task only.
  | 'least_squares_window'
  | 'least_squares_feature'
  | 'least_squares_true_pairs';

export interface Score {
  /** (T): loss at each position. */
  readonly curve: Float64Array;
  /** Mean over positions. */
  readonly mean: number;
  readonly standardError: number;
}

export interface Evaluation extends Score {
  readonly step: number;
}

export interface Reference extends Score {
  /** A `ReferenceName` of those that every run is compared with. */
  readonly name: string;
  /** What was tuned on other sequences, such as `eta` or `ridge`, and to what. */
  readonly tuned: Readonly<Record<string, number>>;
}

/** Any of the engine's reference algorithms. */
export interface ReferenceChoice {
  readonly algorithm: string;
  /** Steps k of an iterative algorithm. */
  readonly steps: number;
  /** The pairs of the context it learns from; empty for the algorithm's own. */
  readonly pairs: '' | 'all' | 'lagged';
}

/** The weight products of one attention head, each (D, D), rows first. */
export interface HeadWeights {
  readonly layer: number;
  readonly head: number;
  readonly size: number;
  /** W_q W_k^T: row = channel the query reads, column = channel the key reads. */
  readonly queryKey: Float32Array;
  /** W_v W_o: row = channel the value reads, column = channel the output writes. */
  readonly valueOutput: Float32Array;
}

/** A run as it stands between two steps: all that an analysis needs. */
export interface Snapshot {
  readonly spec: RunSpec;
  readonly step: number;
  /** A copy of the flat parameter buffer. */
  readonly parameters: Float32Array;
}

/** Why the engine does not carry out a kind of analysis on a model. */
export interface Misfit {
  readonly kind: string;
  readonly code: string;
  readonly field: string;
  readonly parameters: ProblemParameters;
}
