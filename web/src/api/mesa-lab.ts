import type { Analysis, AnalysisOptions } from '../analysis/analyses';
import type { AnalysisKind } from '../analysis/results';
import type { Laboratory } from '../run/laboratory';
import { numberSetting, textSetting } from '../worker/configuration';
import type { EngineName, Reference, ReferenceChoice, ReferenceName } from '../worker/messages';

type CurveName = 'model' | ReferenceName;

/** A snapshot of the run. Losses are squared errors / 2, summed over channels, on held-out sequences. */
export interface MesaState {
  /** Updates done. */
  readonly step: number;
  readonly running: boolean;
  /** How many workers share the training steps; the result does not depend on it. */
  readonly workers: number;
  /** Which engine computes: `simd128` gives the same bits in every browser. Undefined, like what follows, at first. */
  readonly engine: EngineName | undefined;
  readonly preset: string | undefined;
  readonly variant: string | undefined;
  readonly seed: number | undefined;
  readonly learningRate: number | undefined;
  /** Mean loss of the model at `evaluatedStep`, which is `step` whenever training is paused. */
  readonly loss: number | undefined;
  readonly evaluatedStep: number | undefined;
  /** Loss at each position of a sequence, for the model and the algorithms it is compared with. */
  readonly curves: Readonly<Partial<Record<CurveName, number[]>>>;
  /** Means of these curves over positions. */
  readonly means: Readonly<Partial<Record<CurveName, number>>>;
  /** The model's mean loss at each measured step so far. */
  readonly history: { readonly step: number[]; readonly loss: number[] };
  /** What went wrong, if something did. */
  readonly problem: string | undefined;
}

/**
 * The page's programming interface, `window.mesaLab`, for embedders, tests and the console. Every
 * method but `state` returns a promise that resolves once the worker has carried the order out, and
 * rejects with the reason if it could not.
 */
export interface MesaLab {
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
   * of `mesa analyze`, with matrices as `{rows, columns, entries}`. `updates`: of those kinds that train something.
   * An aborted `signal` cancels the analysis.
   */
  analyze<Kind extends AnalysisKind>(kind: Kind, options?: AnalysisOptions): Promise<Analysis<Kind>>;
  /** The run as it stands now. */
  state(): MesaState;
}

declare global {
  interface Window {
    mesaLab: MesaLab;
  }
  interface WindowEventMap {
    /** Dispatched on `window` whenever the state has changed, up to 15 times a second. */
    'mesa-progress': CustomEvent<MesaState>;
  }
}

function wholeNumber(name: string, value: number, minimum: number): number {
  if (Number.isSafeInteger(value) && value >= minimum) return value;
  throw new RangeError(`${name}: expected a whole number from ${minimum}, got ${value}`);
}

function takeState({ run }: Laboratory): MesaState {
  const configuration = run.configuration.value;
  const newest = run.newest.value;
  const scores = [
    ...(newest ? [{ name: 'model' as const, score: newest }] : []),
    ...run.references.value.map((reference) => ({ name: reference.name, score: reference })),
  ];
  return {
    step: run.step.value,
    running: run.running.value,
    workers: run.workers.value,
    engine: run.engine.value,
    preset: configuration && textSetting(configuration, 'preset'),
    variant: configuration && textSetting(configuration, 'variant'),
    seed: configuration && numberSetting(configuration, 'seed'),
    learningRate: run.learningRate.value,
    loss: newest?.mean,
    evaluatedStep: newest?.step,
    curves: Object.fromEntries(scores.map(({ name, score }) => [name, Array.from(score.curve)])),
    means: Object.fromEntries(scores.map(({ name, score }) => [name, score.mean])),
    history: {
      step: run.evaluations.value.map(({ step }) => step),
      loss: run.evaluations.value.map(({ mean }) => mean),
    },
    problem: run.problem.value?.message,
  };
}

export function installMesaLab(laboratory: Laboratory): void {
  const state = () => takeState(laboratory);
  window.mesaLab = {
    play: () => laboratory.ask({ type: 'play' }).then(state),
    pause: () => laboratory.ask({ type: 'pause' }).then(state),
    step: async (count = 1) => {
      await laboratory.ask({ type: 'step', count: wholeNumber('count', count, 1) });
      return state();
    },
    reset: async (seed) => {
      const checked = seed === undefined ? undefined : wholeNumber('seed', seed, 0);
      await laboratory.reset(checked);
      return state();
    },
    parameters: async () => {
      const { parameters } = await laboratory.snapshot();
      return parameters;
    },
    reference: async (algorithm, { steps = 1, pairs = '' } = {}) => {
      const choice = { algorithm, steps: wholeNumber('steps', steps, 1), pairs };
      const { reference } = await laboratory.ask({ type: 'reference', choice });
      if (!reference) throw new Error('the worker sent no reference');
      return reference;
    },
    analyze: async (kind, { updates, ...conduct } = {}) => {
      const checked = updates === undefined ? undefined : wholeNumber('updates', updates, 1);
      return laboratory.analyze(kind, { updates: checked, ...conduct });
    },
    state,
  };
  laboratory.onChange(() => {
    window.dispatchEvent(new CustomEvent('mesa-progress', { detail: state() }));
  });
}
