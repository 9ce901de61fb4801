import type { ReadonlySignal } from '@preact/signals';
import type { VNode } from 'preact';
import type { Configuration } from '../protocol/run-spec';
import type { Run } from '../run/run';
import type { RunState } from '../run/run-state';
import type { Shape } from './shape';

/** What analyses need of a run. */
export interface AnalyzedRun extends Pick<Run, 'analyze'> {
  readonly state: Pick<RunState, 'configuration' | 'newest' | 'weights' | 'misfits'>;
}

export interface IntroductionProps {
  readonly configuration: Configuration;
}

export interface FindingsProps<Result> extends IntroductionProps {
  readonly run: AnalyzedRun;
  readonly result: ReadonlySignal<Result>;
}

/**
 * How a kind of analysis is shown. What it shows are methods, so that those of all kinds fit in one table: they are
 * given only what `shape` has let through.
 */
export interface AnalysisDefinition<Result = unknown> {
  readonly shape: Shape<Result>;
  /** What the button says that starts an analysis which takes long. */
  readonly order?: () => string;
  /** What is done to the model, and what there is to see. */
  Introduction(props: IntroductionProps): VNode | null;
  Findings(props: FindingsProps<Result>): VNode | null;
}
