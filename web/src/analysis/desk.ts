import { batch, effect, signal, untracked, type ReadonlySignal, type Signal } from '@preact/signals';
import { announce } from '../app/announcement';
import type { Laboratory } from '../run/laboratory';
import type { Analysis } from './analyses';
import { WorkerLost } from './analyst';
import type { AnalysisKind } from './results';

/** Why there is no result, and whether to try again makes sense. */
export interface AnalysisProblem {
  readonly message: string;
  readonly passing: boolean;
}

/** What is known of one kind of analysis of the run that is open. */
export interface Outcome {
  readonly analysis: Analysis | undefined;
  readonly problem: AnalysisProblem | undefined;
  /** The share that is done of the one under way. */
  readonly progress: number | undefined;
}

const nothing: Outcome = { analysis: undefined, problem: undefined, progress: undefined };

/** An analysis to keep up to date; a fixed one is done once for all steps of a run. */
export interface Watch {
  readonly kind: AnalysisKind;
  readonly fixed: boolean;
}

/** After a repeated analysis, rest for so many times as long as it took: a third of one core at most. */
const restPerWork = 2;

/**
 * Keeps the outcomes of analyses of the run that is open. The kind that is watched is repeated whenever there is a
 * newer evaluation, in the intervals that `restPerWork` sets, while the page is visible.
 */
export class Desk {
  private readonly outcomes = new Map<AnalysisKind, Signal<Outcome>>();
  private readonly controllers = new Map<AnalysisKind, AbortController>();
  private watched: Watch | undefined;
  /** The kind that is being repeated just now. */
  private repeating: AnalysisKind | undefined;
  private restUntil = 0;
  private alarm = 0;

  constructor(private readonly laboratory: Laboratory) {
    const { run } = laboratory;
    effect(() => {
      // Renewed with every run that is opened: what was found belongs to another.
      if (run.configuration.value) this.clear();
    });
    effect(() => {
      if (run.newest.value) {
        untracked(() => {
          this.repeat();
        });
      }
    });
    document.addEventListener('visibilitychange', () => {
      this.repeat();
    });
  }

  outcome(kind: AnalysisKind): ReadonlySignal<Outcome> {
    return this.keep(kind);
  }

  watch(watched: Watch | undefined): void {
    this.watched = watched;
    // Nobody looks at it any more, and on long sequences it can take longer than who looks elsewhere should wait.
    if (watched && this.repeating && this.repeating !== watched.kind) {
      this.controllers.get(this.repeating)?.abort();
    }
    this.repeat();
  }

  /** Carries out the analysis once. Resolves with whether it has come to an end, rather than been cancelled. */
  async start(kind: AnalysisKind): Promise<boolean> {
    const outcome = this.keep(kind);
    const controller = new AbortController();
    const { signal: cancelled } = controller;
    this.controllers.get(kind)?.abort();
    this.controllers.set(kind, controller);
    outcome.value = { ...outcome.peek(), progress: 0 };
    try {
      const analysis = await this.laboratory.analyze(kind, {
        signal: cancelled,
        onProgress: (progress) => {
          outcome.value = { ...outcome.peek(), progress };
        },
      });
      outcome.value = { analysis, problem: undefined, progress: undefined };
    } catch (error) {
      if (cancelled.aborted) {
        if (this.controllers.get(kind) === controller) {
          outcome.value = { ...outcome.peek(), progress: undefined };
        }
        return false;
      }
      const message = error instanceof Error ? error.message : String(error);
      const problem = { message, passing: error instanceof WorkerLost };
      outcome.value = { analysis: undefined, problem, progress: undefined };
    }
    return true;
  }

  cancel(kind: AnalysisKind): void {
    this.controllers.get(kind)?.abort();
    announce('cancelled');
  }

  private keep(kind: AnalysisKind): Signal<Outcome> {
    const kept = this.outcomes.get(kind) ?? signal(nothing);
    this.outcomes.set(kind, kept);
    return kept;
  }

  private clear(): void {
    batch(() => {
      for (const controller of this.controllers.values()) controller.abort();
      for (const outcome of this.outcomes.values()) outcome.value = nothing;
    });
  }

  private repeat(): void {
    clearTimeout(this.alarm);
    const newest = this.laboratory.run.newest.peek();
    if (!this.watched || !newest || this.repeating || document.hidden) return;
    const { kind, fixed } = this.watched;
    const { analysis, problem } = this.keep(kind).peek();
    if (problem !== undefined || (analysis && (fixed || analysis.step >= newest.step))) return;
    const rest = analysis ? this.restUntil - performance.now() : 0;
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
