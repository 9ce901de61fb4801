import type { ReadonlySignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import type { RunState } from '../run/run-state';
import type { Configuration } from '../worker/configuration';
import type { AnalysisKind, AnalysisResult } from './results';

export interface IntroductionProps {
  readonly configuration: Configuration;
}

export interface FindingsProps<Kind extends AnalysisKind> extends IntroductionProps {
  readonly result: ReadonlySignal<AnalysisResult<Kind>>;
  readonly run: RunState;
}

/** How a kind of analysis is shown. */
export interface AnalysisView<Kind extends AnalysisKind> {
  /** What is done to the model, and what there is to see. */
  readonly Introduction: ComponentType<IntroductionProps>;
  readonly Findings: ComponentType<FindingsProps<Kind>>;
  /** What the button says that starts an analysis which takes long. Without it, the analysis starts by itself. */
  readonly order?: string | undefined;
  /** The model has no part in it: for a run it is done once, rather than again and again. */
  readonly fixed?: boolean;
}
