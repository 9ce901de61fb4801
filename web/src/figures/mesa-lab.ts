import { effect, untracked } from '@preact/signals';
import { analysisOf, type AnalysisKind, type AnalysisResult } from '../analyses/registry';
import type { Problem } from '../protocol/problem';
import type { Evaluation, Reference, ReferenceChoice, ReferenceName } from '../protocol/results';
import { numberSetting, textSetting, type EngineName } from '../protocol/run-spec';
import type { AnalysisOptions, RunNews } from '../run/run';
import type { Phase } from '../run/run-state';
import type { Figure } from './figure';
import type { PageFigures } from './page-figures';

type CurveName = 'model' | ReferenceName;

/** Where a run stands, but for what was measured. Losses are squared errors / 2, summed over channels, on held-out sequences. */
export interface MesaStanding {
  /** The figure's name on its page. */
  readonly figure: string;
  /** The run's name on the page, which all that happens to it is tagged with. */
  readonly run: string;
  /**
   * `idle` before it is started, `loading` its engine, `waiting` for a free core, `running`, `paused`, `finished`, or
   * `parked` while it is out of sight.
   */
  readonly phase: Phase;
  /** Updates done. */
  readonly step: number;
  readonly running: boolean;
  /** How many workers share the training steps; the result does not depend on it. */
  readonly workers: number;
  /** Of the last update; undefined before the first. */
  readonly learningRate: number | undefined;
  /** Mean loss of the model at `evaluatedStep`, which is `step` whenever training is paused. */
  readonly loss: number | undefined;
  readonly evaluatedStep: number | undefined;
  /** What went wrong, if something did, in English. */
  readonly problem: string | undefined;
}

/** All that is known of a run. */
export interface MesaState extends MesaStanding {
  /** Which engine computes: `simd128` gives the same bits in every browser. Undefined, like what follows, at first. */
  readonly engine: EngineName | undefined;
  readonly preset: string | undefined;
  readonly variant: string | undefined;
  readonly seed: number | undefined;
  /** Loss at each position of a sequence, for the model and the algorithms it is compared with. */
  readonly curves: Readonly<Partial<Record<CurveName, number[]>>>;
  /** Means of these curves over positions. */
  readonly means: Readonly<Partial<Record<CurveName, number>>>;
  /** The model's mean loss at measured steps, in order: at all of them, or of long runs at two thousand. */
  readonly history: { readonly step: number[]; readonly loss: number[] };
}

/** What `mesa-progress` tells: where the run stands, and what is new since the last time. */
export interface MesaProgress extends MesaStanding {
  /** The model's mean losses that were measured since, oldest first. */
  readonly evaluations: readonly { readonly step: number; readonly loss: number }[];
}

/** What `mesa-problem` tells. */
export interface MesaProblem {
  readonly figure: string;
  readonly run: string;
  /** `run`: it has stopped. `references`: there is nothing to compare it with, and it trains on. */
  readonly about: 'run' | 'references';
  /** A `kind` and a `code` for programs, a `message` in English, and the setting at fault, if there is one. */
  readonly problem: Problem;
}

/** What an analysis found, and the step of the run that it looked at. */
export interface MesaAnalysis<Kind extends AnalysisKind> {
  readonly kind: Kind;
  readonly step: number;
  readonly result: AnalysisResult<Kind>;
}

/** Of those analyses that train something, `updates`; an aborted `signal` cancels; `onProgress` is told the share done. */
export type MesaAnalysisOptions = Omit<AnalysisOptions, 'long'>;

/**
 * One figure's run. Every method but `state` returns a promise that resolves once the order is carried out, and rejects
 * with the reason if it could not be.
 */
export interface MesaFigure {
  /** Trains to the end of the run; from the end, for as long again. Resolves when it has started. */
  play(): Promise<MesaState>;
  /** Pauses, and measures the losses of the step it pauses at. */
  pause(): Promise<MesaState>;
  /** Trains `count` more steps (1 unless given), then pauses. Resolves when they are done. */
  step(count?: number): Promise<MesaState>;
  /** Goes back to step 0 and pauses there: the same run again, or another one under another seed. */
  reset(seed?: number): Promise<MesaState>;
  /** A copy of all trained parameters, in the order of the engine's tensor table. */
  parameters(): Promise<Float32Array>;
  /**
   * Any of the engine's reference algorithms (`chebyshev`, `newton`, `kernel_regression`, ...), tuned,
   * then measured on the sequences that the model is measured on. A wrong name is answered by all names.
   */
  reference(algorithm: string, options?: Partial<Omit<ReferenceChoice, 'algorithm'>>): Promise<Reference>;
  /**
   * Takes the model apart as it is now, beside the training, which goes on. The kinds and what they return are those
   * of `mesa analyze`, with matrices as `{rows, columns, entries}`.
   */
  analyze<Kind extends AnalysisKind>(kind: Kind, options?: MesaAnalysisOptions): Promise<MesaAnalysis<Kind>>;
  /** The run as it stands now. */
  state(): MesaState;
}

/** The page's programming interface, for embedders, tests and the console: its first figure, and the way to the others. */
export interface MesaLab extends MesaFigure {
  /** The names of all figures on the page, in its order. */
  figures(): string[];
  /** The figure of that name; an error names those there are. */
  figure(id: string): MesaFigure;
}

declare global {
  interface Window {
    mesaLab: MesaLab;
  }
  interface WindowEventMap {
    /** Dispatched on `window` whenever a run's state has changed, up to 15 times a second. */
    'mesa-progress': CustomEvent<MesaProgress>;
    /** Dispatched on `window` when something has gone wrong. */
    'mesa-problem': CustomEvent<MesaProblem>;
  }
}

function wholeNumber(name: string, value: number, minimum: number): number {
  if (Number.isSafeInteger(value) && value >= minimum) return value;
  throw new RangeError(`${name}: expected a whole number from ${minimum}, got ${value}`);
}

function standingOf({ id, run: { id: run, state } }: Figure): MesaStanding {
  const newest = state.newest.value;
  return {
    figure: id,
    run,
    phase: state.phase.value,
    step: state.step.value,
    running: state.running.value,
    workers: state.workers.value,
    learningRate: state.learningRate.value,
    loss: newest?.mean,
    evaluatedStep: newest?.step,
    problem: state.problem.value?.message,
  };
}

function stateOf(figure: Figure): MesaState {
  const { state } = figure.run;
  const configuration = state.configuration.value;
  const newest = state.newest.value;
  const { steps, means } = state.history.value.kept;
  const scores = [...(newest ? [{ name: 'model', score: newest }] : []), ...referencesOf(figure)];
  return {
    ...standingOf(figure),
    engine: state.engine.value,
    preset: configuration && textSetting(configuration, 'preset'),
    variant: configuration && textSetting(configuration, 'variant'),
    seed: configuration && numberSetting(configuration, 'seed'),
    curves: Object.fromEntries(scores.map(({ name, score }) => [name, Array.from(score.curve)])),
    means: Object.fromEntries(scores.map(({ name, score }) => [name, score.mean])),
    history: { step: [...steps], loss: [...means] },
  };
}

const referencesOf = ({ run }: Figure) =>
  run.state.references.value.map((reference) => ({ name: reference.name, score: reference }));

/** `find` says which figure it is at every call. */
function createFigure(find: () => Figure): MesaFigure {
  const state = (): MesaState => untracked(() => stateOf(find()));
  return {
    play: async () => {
      await find().run.play();
      return state();
    },
    pause: async () => {
      await find().run.pause();
      return state();
    },
    step: async (count = 1) => {
      await find().run.step(wholeNumber('count', count, 1));
      return state();
    },
    reset: async (seed) => {
      await find().run.reset(seed === undefined ? undefined : wholeNumber('seed', seed, 0));
      return state();
    },
    parameters: async () => (await find().run.snapshot()).parameters,
    reference: async (algorithm, { steps = 1, pairs = '' } = {}) =>
      find().run.reference({ algorithm, steps: wholeNumber('steps', steps, 1), pairs }),
    analyze: async (kind, { updates, ...conduct } = {}) => {
      const checked = updates === undefined ? undefined : wholeNumber('updates', updates, 1);
      const long = analysisOf(kind)?.effort === 'long';
      const analysis = await find().run.analyze(kind, { updates: checked, long, ...conduct });
      // An analysis of a kind returns what the engine has for that kind.
      return analysis as MesaAnalysis<typeof kind>;
    },
    state,
  };
}

function firstOf(page: PageFigures): Figure {
  const [first] = page.all.peek();
  if (!first) throw new Error('the page has no figure');
  return first;
}

function named(page: PageFigures, id: string): Figure {
  const found = page.find(id);
  if (found) return found;
  const ids = page.all.peek().map((figure) => figure.id);
  throw new Error(`figure: expected one of ${ids.join(', ')}, got "${id}"`);
}

/** Puts the programming interface on `window`, until the answer is called. */
export function installMesaLab(page: PageFigures): () => void {
  window.mesaLab = {
    ...createFigure(() => firstOf(page)),
    figures: () => page.all.peek().map(({ id }) => id),
    figure: (id) => {
      named(page, id);
      return createFigure(() => named(page, id));
    },
  };
  const told = new Map<Figure, () => void>();
  const follow = effect(() => {
    const all = page.all.value;
    for (const figure of all) {
      if (!told.has(figure))
        told.set(
          figure,
          untracked(() => tellOf(figure)),
        );
    }
    for (const [figure, release] of told) {
      if (all.includes(figure)) continue;
      release();
      told.delete(figure);
    }
  });
  return () => {
    follow();
    for (const release of told.values()) release();
    told.clear();
    Reflect.deleteProperty(window, 'mesaLab');
  };
}

const shortened = ({ step, mean }: Evaluation) => ({ step, loss: mean });

/** Dispatches what happens to a figure's run, until the answer is called. */
function tellOf(figure: Figure): () => void {
  const { run } = figure;
  const stopNews = run.onNews(({ evaluations }: RunNews) => {
    const detail = { ...untracked(() => standingOf(figure)), evaluations: evaluations.map(shortened) };
    window.dispatchEvent(new CustomEvent('mesa-progress', { detail }));
  });
  const tellProblem = (about: MesaProblem['about'], problem: Problem | undefined): void => {
    if (!problem) return;
    const detail = { figure: figure.id, run: run.id, about, problem };
    window.dispatchEvent(new CustomEvent('mesa-problem', { detail }));
  };
  const stopProblem = effect(() => {
    tellProblem('run', run.state.problem.value);
  });
  const stopReferences = effect(() => {
    tellProblem('references', run.state.referenceProblem.value);
  });
  return () => {
    stopNews();
    stopProblem();
    stopReferences();
  };
}
