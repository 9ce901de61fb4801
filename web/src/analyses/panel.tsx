import { computed, useComputed, type ReadonlySignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { language } from '../i18n/language';
import { Live } from '../i18n/live';
import { integer, percent } from '../i18n/numbers';
import type { Problem } from '../protocol/problem';
import type { Configuration } from '../protocol/run-spec';
import { useAnnounce } from '../ui/announcer';
import { Button } from '../ui/button';
import { Progress } from '../ui/progress';
import type { AnalysisDefinition, AnalyzedRun } from './definition';
import { say } from './messages';
import { MisfitNotice, misfitOf } from './misfit';
import styles from './panel.module.css';
import { analysisOf, type AnalysisKind, type RegisteredAnalysis } from './registry';
import type { AnalysisWatcher, Outcome } from './watcher';

interface AnalysisPanelProps {
  readonly run: AnalyzedRun;
  readonly watcher: AnalysisWatcher;
  readonly kind: AnalysisKind;
}

/** What a kind of analysis says of the run, or why it says nothing. */
export function AnalysisPanel({ run, watcher, kind }: AnalysisPanelProps) {
  const { configuration, misfits } = run.state;
  const analysis = analysisOf(kind);
  const misfit = misfitOf(misfits.value, kind);
  if (!configuration.value || !analysis) return null;
  if (misfit) return <MisfitNotice misfit={misfit} />;
  return (
    <FittingPanel
      // What a kind keeps, such as the layer that is looked at, belongs to one model and its labels to one language.
      key={`${kind} ${language.value}`}
      run={run}
      watcher={watcher}
      analysis={analysis}
      configuration={configuration.value}
    />
  );
}

interface PanelProps extends Omit<AnalysisPanelProps, 'kind'> {
  readonly analysis: RegisteredAnalysis;
  readonly configuration: Configuration;
}

function FittingPanel({ run, watcher, analysis, configuration }: PanelProps) {
  const { kind, effort } = analysis;
  useEffect(() => {
    watcher.watch(kind);
    return () => {
      watcher.watch(undefined);
    };
  }, [watcher, kind]);
  const outcome = watcher.outcome(kind);
  const definition = useComputed(() => outcome.value.definition).value;
  return (
    <div class={styles.panel} data-part="analysis">
      {definition && <definition.Introduction configuration={configuration} />}
      {definition && effort === 'long' && (
        <Order watcher={watcher} kind={kind} outcome={outcome} text={definition.order?.()} />
      )}
      <Standing watcher={watcher} analysis={analysis} outcome={outcome} />
      {definition && (
        <Found
          outcome={outcome}
          definition={definition}
          effort={effort}
          run={run}
          configuration={configuration}
        />
      )}
    </div>
  );
}

interface FoundProps {
  readonly outcome: ReadonlySignal<Outcome>;
  readonly definition: AnalysisDefinition;
  readonly effort: RegisteredAnalysis['effort'];
  readonly run: AnalyzedRun;
  readonly configuration: Configuration;
}

function Found({ outcome, definition, effort, ...rest }: FoundProps) {
  const there = useComputed(() => effort === 'none' || outcome.value.analysis !== undefined);
  const result = useMemo(() => createResult(outcome), [outcome]);
  return there.value ? <definition.Findings result={result} {...rest} /> : null;
}

/** The newest result; the one before it for those who still look when it has gone. */
function createResult(outcome: ReadonlySignal<Outcome>): ReadonlySignal<unknown> {
  let newest: Outcome['analysis'];
  return computed(() => {
    newest = outcome.value.analysis ?? newest;
    return newest?.result;
  });
}

interface StandingProps {
  readonly watcher: AnalysisWatcher;
  readonly analysis: RegisteredAnalysis;
  readonly outcome: ReadonlySignal<Outcome>;
}

/** Which step the result belongs to, or why there is none. */
function Standing({ watcher, analysis, outcome }: StandingProps) {
  const problem = useComputed(() => outcome.value.problem).value;
  const text = useComputed(() => standing(analysis, outcome.value));
  if (problem) return <ProblemNotice watcher={watcher} analysis={analysis} problem={problem} />;
  return <Live as="p" class={styles.standing} part="standing" text={text} />;
}

function standing({ effort, fixed }: RegisteredAnalysis, outcome: Outcome): string {
  const { definition, analysis, progress = 0 } = outcome;
  if (!definition) return say('loading');
  if (effort === 'none') return '';
  if (!analysis) {
    if (effort === 'long') return '';
    return progress > 0 ? say('standing.share', { share: percent(progress) }) : say('standing.measuring');
  }
  if (fixed) return say('standing.fixed');
  return say(effort === 'long' ? 'standing.once' : 'standing.repeated', { step: integer(analysis.step) });
}

interface ProblemNoticeProps {
  readonly watcher: AnalysisWatcher;
  readonly analysis: RegisteredAnalysis;
  readonly problem: Problem;
}

function ProblemNotice({ watcher, analysis: { kind, effort }, problem }: ProblemNoticeProps) {
  // What shows the analysis is asked for again in any case; a long one is ordered again by its own button.
  const passing = problem.kind === 'unavailable' || problem.kind === 'lost' || problem.kind === 'memory';
  const retry = passing && (effort !== 'long' || problem.code === 'script_missing');
  return (
    <div class={styles.standing} role="alert">
      <p>{problemText(problem)}</p>
      {retry && (
        <Button
          label={say('problem.retry')}
          onClick={() => {
            watcher.retry(kind);
          }}
        />
      )}
    </div>
  );
}

function problemText({ kind, code, message }: Problem): string {
  const byCode = `problem.${code}`;
  if (say.has(byCode)) return say.dynamic(byCode, { reason: message });
  const byKind = `problem.${kind}`;
  return say.dynamic(say.has(byKind) ? byKind : 'problem.lost', { reason: message });
}

interface OrderProps {
  readonly watcher: AnalysisWatcher;
  readonly kind: AnalysisKind;
  readonly outcome: ReadonlySignal<Outcome>;
  readonly text: string | undefined;
}

/** Starts an analysis that takes long, shows how far it is, and cancels it. */
function Order({ watcher, kind, outcome, text = say('order.start') }: OrderProps) {
  const announce = useAnnounce();
  const { progress } = outcome.value;
  const running = progress !== undefined;
  const start = async (): Promise<void> => {
    announce(say(`order.${await watcher.start(kind)}`));
  };
  return (
    <div class={styles.order}>
      <Button
        label={running ? say('order.cancel') : text}
        onClick={() => {
          if (running) watcher.cancel(kind);
          else void start();
        }}
      />
      {running && <Progress label={say('order.progress')} value={progress} />}
      {running && <Live class={styles.share} numeric text={percent(progress)} />}
    </div>
  );
}
