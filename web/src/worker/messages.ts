/**
 * Everything the page and its workers say to each other.
 *
 * To the training worker the page sends an `Envelope`: a command under a number. That worker sends `Report`s as
 * things happen and, once a command has had all its effects, an `answer` with the number it came under.
 */

import type { Configuration } from './configuration';

export type EngineName = 'relaxed' | 'simd128';

export interface RunRequest {
  readonly preset: string;
  readonly variant: string;
  /** An `EngineName`, or `auto` for the faster one that runs here. */
  readonly engine: string;
  /** How many workers share a step: 1, 2, 4 or 8, or `auto` for as many as there are cores. */
  readonly workers: string;
  /** Configuration fields set by hand, as text: the engine checks them and names the wrong one. */
  readonly overrides: Readonly<Record<string, string>>;
}

export interface PresetChoice {
  readonly name: string;
  readonly title: string;
  readonly variants: readonly string[];
}

export type ReferenceName =
  | 'gradient_descent'
  | 'least_squares'
  | 'least_squares_lagged'
  | 'zero'
  // Each for one task only.
  | 'least_squares_window'
  | 'least_squares_feature'
  | 'least_squares_true_pairs';

/** Losses on the held-out sequences. */
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

export type Command =
  | { readonly type: 'open'; readonly request: RunRequest }
  /** Train up to the end of the run; from the end, for as long again. */
  | { readonly type: 'play' }
  | { readonly type: 'pause' }
  /** Train `count` steps, then pause. Answered when they are done. */
  | { readonly type: 'step'; readonly count: number }
  /** Back to step 0, paused; with another seed if one is given. */
  | { readonly type: 'reset'; readonly seed: number | undefined }
  | { readonly type: 'snapshot' }
  | { readonly type: 'reference'; readonly choice: ReferenceChoice };

/** Any of the engine's reference algorithms. */
export interface ReferenceChoice {
  readonly algorithm: string;
  /** Steps k of an iterative algorithm. */
  readonly steps: number;
  /** The pairs of the context it learns from; empty for the algorithm's own. */
  readonly pairs: '' | 'all' | 'lagged';
}

/** A run as it stands between two steps: all that an analysis needs. */
export interface Snapshot {
  readonly request: RunRequest;
  readonly step: number;
  /** A copy of the flat parameter buffer. */
  readonly parameters: Float32Array;
}

/** What a command asked for, if it asked for something. */
export interface Answer {
  readonly snapshot?: Snapshot;
  readonly reference?: Reference | undefined;
}

export interface Envelope {
  readonly call: number;
  readonly command: Command;
}

export type ProblemKind = 'unsupported' | 'configuration' | 'diverged' | 'crashed';

export interface Problem {
  readonly kind: ProblemKind;
  readonly message: string;
  /** The setting at fault, where there is one. */
  readonly field?: string;
}

export interface Progress {
  readonly type: 'progress';
  readonly step: number;
  readonly running: boolean;
  /** How many share the steps. */
  readonly workers: number;
  /** Of the last update; undefined before the first. */
  readonly learningRate: number | undefined;
  /** What was measured since the last report, oldest first. */
  readonly evaluations: readonly Evaluation[];
  /** All heads, at the step of the newest evaluation or as the run was opened; empty when there is nothing new. */
  readonly weights: readonly HeadWeights[];
}

export type Report =
  | {
      readonly type: 'opened';
      readonly engine: EngineName;
      readonly presets: readonly PresetChoice[];
      readonly configuration: Configuration;
    }
  | { readonly type: 'references'; readonly references: readonly Reference[] }
  | Progress
  | { readonly type: 'problem'; readonly problem: Problem }
  | {
      readonly type: 'answer';
      readonly call: number;
      readonly answer?: Answer;
      /** Why the command could not be carried out. */
      readonly error?: string;
    };

/** The page has the analysis worker take a snapshot apart. It gives the next order when this one is done. */
export interface AnalysisOrder {
  readonly kind: string;
  readonly snapshot: Snapshot;
  /** Of those analyses that train something; 0 for as many as they need. */
  readonly updates: number;
}

export type AnalysisReply =
  | { readonly type: 'progress'; readonly share: number }
  | { readonly type: 'result'; readonly result: unknown }
  /** Why the engine takes no such model apart. */
  | { readonly type: 'error'; readonly message: string };

/** For the default branch of a switch that must handle every case. */
export function unreachable(value: never): never {
  throw new Error(`unexpected message: ${JSON.stringify(value)}`);
}
