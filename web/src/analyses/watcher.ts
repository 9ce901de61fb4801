import { batch, effect, signal, untracked, type ReadonlySignal, type Signal } from '@preact/signals';
import { problemOf, type Problem } from '../protocol/problem';
import type { Analysis } from '../run/run';
import type { AnalysisDefinition, AnalyzedRun } from './definition';
import { loadDefinition } from './load';
import { analysisOf, type AnalysisKind, type RegisteredAnalysis } from './registry';

/** What is known of one kind of analysis of the run. */
export interface Outcome {
  /** What shows it, once it is loaded. */
  readonly definition: AnalysisDefinition | undefined;
  readonly analysis: Analysis | undefined;
  /** Why there is no result. */
  readonly problem: Problem | undefined;
  /** The share that is done of the one under way. */
  readonly progress: number | undefined;
}

const nothing: Outcome = {
  definition: undefined,
  analysis: undefined,
  problem: undefined,
  progress: undefined,
};

/** How an analysis came to an end. */
export type Ending = 'done' | 'failed' | 'cancelled';

/** Nobody wants it any more: the run was told something else before it came to this. */
const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';

/** After a repeated analysis, rest for so many times as long as it took: a third of one core at most. */
const restPerWork = 2;

/**
 * Keeps the outcomes of analyses of one run. The kind that is watched is repeated whenever there is a newer evaluation,
 * in the intervals that `restPerWork` sets, while the page is visible.
 */
export class AnalysisWatcher {
  private readonly outcomes = new Map<AnalysisKind, Signal<Outcome>>();
  private readonly loadings = new Map<AnalysisKind, Promise<AnalysisDefinition>>();
  private readonly failedLoadings = new Map<AnalysisKind, number>();
  private readonly controllers = new Map<AnalysisKind, AbortController>();
  private watched: RegisteredAnalysis | undefined;
  /** The kind that is being repeated just now. */
  private repeating: AnalysisKind | undefined;
  private restUntil = 0;
  private alarm: ReturnType<typeof setTimeout> | undefined;
  private readonly disposal = new AbortController();

  constructor(
    private readonly run: AnalyzedRun,
    private readonly find: (kind: AnalysisKind) => RegisteredAnalysis | undefined = analysisOf,
  ) {
    const stopFollowing = effect(() => {
      const step = run.state.newest.value?.step;
      untracked(() => {
        if (step === undefined) this.startOver();
        else this.follow(step);
      });
    });
    const { signal: disposed } = this.disposal;
    disposed.addEventListener('abort', () => {
      stopFollowing();
    });
    document.addEventListener(
      'visibilitychange',
      () => {
        this.repeat();
      },
      { signal: disposed },
    );
  }

  /** Leaves nothing behind: no listener, no effect, no analysis under way. */
  dispose(): void {
    this.disposal.abort();
    this.watched = undefined;
    clearTimeout(this.alarm);
    for (const controller of this.controllers.values()) controller.abort();
  }

  outcome(kind: AnalysisKind): ReadonlySignal<Outcome> {
    return this.keep(kind);
  }

  /** Somebody looks at this kind, or no longer at any. */
  watch(kind: AnalysisKind | undefined): void {
    this.watched = kind && this.find(kind);
    // Nobody looks at it any more, and on long sequences it can take longer than who looks elsewhere should wait.
    if (kind !== undefined && this.repeating !== undefined && this.repeating !== kind) {
      this.controllers.get(this.repeating)?.abort();
    }
    if (kind !== undefined) this.define(kind);
    this.repeat();
  }

  /** Goes on after a problem: what was missing is loaded again, and what is repeated is started. */
  retry(kind: AnalysisKind): void {
    this.change(kind, { problem: undefined });
    this.define(kind);
    this.repeat();
  }

  /** Carries out the analysis once. */
  async start(kind: AnalysisKind): Promise<Ending> {
    const controller = new AbortController();
    const { signal: cancelled } = controller;
    this.controllers.get(kind)?.abort();
    this.controllers.set(kind, controller);
    this.change(kind, { progress: 0, problem: undefined });
    try {
      const [definition, { result, ...analysis }] = await Promise.all([
        this.load(kind),
        this.run.analyze(kind, {
          long: this.find(kind)?.effort === 'long',
          signal: cancelled,
          onProgress: (progress) => {
            if (!cancelled.aborted) this.change(kind, { progress });
          },
        }),
      ]);
      if (cancelled.aborted) return 'cancelled';
      this.change(kind, {
        definition,
        analysis: { ...analysis, result: definition.shape(result, kind) },
      });
      return 'done';
    } catch (error) {
      if (cancelled.aborted || isAbort(error)) return 'cancelled';
      this.change(kind, { analysis: undefined, problem: problemOf(error) });
      // What is left of it, if what shows it did not load, is of no use.
      controller.abort();
      return 'failed';
    } finally {
      if (this.controllers.get(kind) === controller) {
        this.controllers.delete(kind);
        this.change(kind, { progress: undefined });
      }
    }
  }

  cancel(kind: AnalysisKind): void {
    this.controllers.get(kind)?.abort();
  }

  private keep(kind: AnalysisKind): Signal<Outcome> {
    const kept = this.outcomes.get(kind) ?? signal(nothing);
    this.outcomes.set(kind, kept);
    return kept;
  }

  private change(kind: AnalysisKind, news: Partial<Outcome>): void {
    const outcome = this.keep(kind);
    outcome.value = { ...outcome.peek(), ...news };
  }

  /** Has the definition loaded, for what can be said before there is a result. */
  private define(kind: AnalysisKind): void {
    if (this.keep(kind).peek().definition) return;
    this.load(kind).then(
      (definition) => {
        this.change(kind, { definition });
      },
      (error: unknown) => {
        this.change(kind, { problem: problemOf(error) });
      },
    );
  }

  /** Once it is loaded, or while it is, the same again. */
  private load(kind: AnalysisKind): Promise<AnalysisDefinition> {
    const found = this.loadings.get(kind);
    if (found) return found;
    const analysis = this.find(kind);
    if (!analysis) return Promise.reject(new Error(`there is no analysis ${kind}`));
    const failures = this.failedLoadings.get(kind) ?? 0;
    const loading = loadDefinition(analysis.load, failures).catch((error: unknown) => {
      this.loadings.delete(kind);
      this.failedLoadings.set(kind, failures + 1);
      throw error;
    });
    this.loadings.set(kind, loading);
    return loading;
  }

  /** The run is another, or begins anew: what was found is no longer its own. */
  private startOver(): void {
    batch(() => {
      for (const controller of this.controllers.values()) controller.abort();
      for (const kind of this.outcomes.keys()) {
        this.change(kind, { analysis: undefined, problem: undefined, progress: undefined });
      }
    });
    if (this.watched) this.define(this.watched.kind);
  }

  /** The run has a new evaluation. If it was rolled back to `step`, later models are no longer its own. */
  private follow(step: number): void {
    batch(() => {
      for (const [kind, outcome] of this.outcomes) {
        const { analysis } = outcome.peek();
        if (analysis && analysis.step > step && !this.find(kind)?.fixed) {
          this.change(kind, { analysis: undefined });
        }
      }
    });
    this.repeat();
  }

  private fits(kind: AnalysisKind): boolean {
    return !this.run.state.misfits.peek().some((misfit) => misfit.kind === kind);
  }

  private isDue({ kind, effort, fixed }: RegisteredAnalysis, newest: number): boolean {
    const { analysis, problem } = this.keep(kind).peek();
    if (effort !== 'quick' || problem !== undefined || !this.fits(kind)) return false;
    return !analysis || (!fixed && analysis.step < newest);
  }

  private repeat(): void {
    clearTimeout(this.alarm);
    const newest = this.run.state.newest.peek();
    if (!this.watched || !newest || this.repeating !== undefined || document.hidden) return;
    const { kind } = this.watched;
    if (!this.isDue(this.watched, newest.step)) return;
    const rest = this.keep(kind).peek().analysis ? this.restUntil - performance.now() : 0;
    if (rest > 0) {
      this.alarm = setTimeout(() => {
        this.repeat();
      }, rest);
      return;
    }
    this.repeating = kind;
    const began = performance.now();
    void this.start(kind).then(() => {
      const ended = performance.now();
      this.restUntil = ended + restPerWork * (ended - began);
      this.repeating = undefined;
      this.repeat();
    });
  }
}
