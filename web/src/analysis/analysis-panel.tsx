import { computed, type ReadonlySignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { announce } from '../app/announcement';
import { integer, percent } from '../format';
import type { RunState } from '../run/run-state';
import type { Configuration } from '../worker/configuration';
import type { Analysis } from './analyses';
import type { AnalysisView, FindingsProps } from './analysis-view';
import { attention } from './attention-view';
import { binding } from './binding-view';
import { compression } from './compression-view';
import { Desk, type Outcome } from './desk';
import { fewShot } from './few-shot-view';
import { fit } from './fit-view';
import { kernel } from './kernel-view';
import { linearise } from './linearise-view';
import { probe } from './probe-view';
import { prompt } from './prompt-view';
import type { AnalysisKind } from './results';

export { Desk };

type Views = { readonly [Kind in AnalysisKind]?: AnalysisView<Kind> };

/** Weights have none: the page has them without an analysis. */
const views: Views = {
  compress: compression,
  fit,
  probe,
  binding,
  attention,
  'few-shot': fewShot,
  prompt,
  linearise,
  kernel,
};

interface AnalysisPanelProps {
  readonly desk: Desk;
  readonly run: RunState;
  readonly configuration: Configuration;
  readonly kind: AnalysisKind;
}

/** What a kind of analysis says of the run. */
export function AnalysisPanel({ desk, run, configuration, kind }: AnalysisPanelProps) {
  const view = views[kind];
  const { order, fixed = false } = view ?? {};
  useEffect(() => {
    desk.watch(order === undefined ? { kind, fixed } : undefined);
    return () => {
      desk.watch(undefined);
    };
  }, [desk, kind, order, fixed]);
  if (!view) return null;
  const { Introduction } = view;
  const outcome = desk.outcome(kind);
  // A kind's outcomes hold analyses of that kind.
  const Findings = view.Findings as ComponentType<FindingsProps<AnalysisKind>>;
  return (
    <div class="analysis">
      <Introduction configuration={configuration} />
      {order !== undefined && <Order desk={desk} kind={kind} order={order} outcome={outcome} />}
      <Standing desk={desk} kind={kind} outcome={outcome} order={order} fixed={fixed} />
      <Found outcome={outcome} Findings={Findings} run={run} configuration={configuration} />
    </div>
  );
}

interface FoundProps extends Omit<FindingsProps<AnalysisKind>, 'result'> {
  readonly outcome: ReadonlySignal<Outcome>;
  readonly Findings: ComponentType<FindingsProps<AnalysisKind>>;
}

function Found({ outcome, Findings, ...rest }: FoundProps) {
  const there = useMemo(() => computed(() => outcome.value.analysis !== undefined), [outcome]);
  const result = useMemo(() => createResult(outcome), [outcome]);
  return there.value ? <Findings result={result} {...rest} /> : null;
}

/** The newest result; the one before it for those who still look when it has gone. */
function createResult(outcome: ReadonlySignal<Outcome>): ReadonlySignal<Analysis['result']> {
  let newest: Analysis | undefined;
  return computed(() => {
    newest = outcome.value.analysis ?? newest;
    if (!newest) throw new Error('there is no result yet');
    return newest.result;
  });
}

interface StandingProps extends Pick<AnalysisView<AnalysisKind>, 'order' | 'fixed'> {
  readonly desk: Desk;
  readonly kind: AnalysisKind;
  readonly outcome: ReadonlySignal<Outcome>;
}

/** Which step the result belongs to, or why there is none. */
function Standing({ desk, kind, outcome, order, fixed }: StandingProps) {
  const { analysis, problem, progress = 0 } = outcome.value;
  if (problem !== undefined) {
    return (
      <div class="standing" role="alert">
        <p>{problem.message.charAt(0).toUpperCase() + problem.message.slice(1)}</p>
        {problem.passing && order === undefined && (
          <button type="button" onClick={() => void desk.start(kind)}>
            Try again
          </button>
        )}
      </div>
    );
  }
  if (!analysis) {
    if (order !== undefined) return null;
    return <p class="standing">Measuring{progress > 0 && `: ${percent(progress)}`}.</p>;
  }
  if (fixed) return <p class="standing">The same at every step of this run.</p>;
  return (
    <p class="standing">
      As of step {integer(analysis.step)}
      {order === undefined && ', measured again as training goes on'}.
    </p>
  );
}

interface OrderProps {
  readonly desk: Desk;
  readonly kind: AnalysisKind;
  readonly order: string;
  readonly outcome: ReadonlySignal<Outcome>;
}

/** Starts an analysis that takes long, shows how far it is, and cancels it. */
function Order({ desk, kind, order, outcome }: OrderProps) {
  const { progress } = outcome.value;
  const running = progress !== undefined;
  return (
    <div class="order">
      <button
        type="button"
        onClick={() => {
          if (running) desk.cancel(kind);
          else {
            void desk.start(kind).then((done) => {
              if (done) announce('the analysis is done');
            });
          }
        }}
      >
        {running ? 'Cancel' : order}
      </button>
      {running && <progress aria-label="Progress of the analysis" max={1} value={progress} />}
      {running && <span class="share-done">{percent(progress)}</span>}
    </div>
  );
}
