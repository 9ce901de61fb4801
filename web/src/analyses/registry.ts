import { analysisKinds } from '@facts';
import type { AnalysisDefinition } from './definition';
import { say } from './messages';
import type { Shaped } from './shape';

export type AnalysisKind = (typeof analysisKinds)[number]['kind'];

/**
 * - `none`: the run's state has all there is to see
 * - `quick`: repeated while the run trains and somebody looks
 * - `long`: started by a button
 */
export type Effort = 'none' | 'quick' | 'long';

interface Entry {
  /** The page has it without an analysis. */
  readonly inState?: boolean;
  /** The model has no part in it: for a run it is done once. */
  readonly fixed?: boolean;
  /** What shows it comes when it is first wanted. */
  readonly load: () => Promise<{ readonly default: AnalysisDefinition }>;
}

const entries = {
  weights: { inState: true, load: () => import('./weights/definition') },
  compress: { load: () => import('./compress/definition') },
  fit: { load: () => import('./fit/definition') },
  probe: { load: () => import('./probe/definition') },
  binding: { load: () => import('./binding/definition') },
  attention: { load: () => import('./attention/definition') },
  'few-shot': { load: () => import('./few-shot/definition') },
  prompt: { load: () => import('./prompt/definition') },
  linearise: { load: () => import('./linearise/definition') },
  kernel: { fixed: true, load: () => import('./kernel/definition') },
} satisfies Readonly<Record<AnalysisKind, Entry>>;

type LoadedBy<Load extends Entry['load']> = Awaited<ReturnType<Load>>['default'];

/** What each kind returns. src/cli/REFERENCE.md says what the fields mean. */
export type AnalysisResult<Kind extends AnalysisKind> = Shaped<
  LoadedBy<(typeof entries)[Kind]['load']>['shape']
>;

export interface RegisteredAnalysis extends Pick<Entry, 'load'> {
  readonly kind: AnalysisKind;
  /** What its tab says. */
  readonly label: () => string;
  readonly effort: Effort;
  readonly fixed: boolean;
}

function register({ kind, trains }: (typeof analysisKinds)[number]): RegisteredAnalysis {
  const { load, inState = false, fixed = false }: Entry = entries[kind];
  const effort = trains ? 'long' : 'quick';
  return { kind, label: () => say(`tab.${kind}`), effort: inState ? 'none' : effort, fixed, load };
}

const order = Object.keys(entries);
const place = ({ kind }: RegisteredAnalysis): number => order.indexOf(kind);

/** Every kind of analysis, in the order of the tabs. */
export const analyses: readonly RegisteredAnalysis[] = analysisKinds
  .map(register)
  .sort((one, other) => place(one) - place(other));

export const analysisOf = (kind: string): RegisteredAnalysis | undefined =>
  analyses.find((one) => one.kind === kind);
