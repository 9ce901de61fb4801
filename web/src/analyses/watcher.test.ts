import { signal } from '@preact/signals';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ProblemError } from '../protocol/problem';
import type { Evaluation, HeadWeights, Misfit } from '../protocol/results';
import type { Configuration } from '../protocol/run-spec';
import type { Analysis, AnalysisOptions } from '../run/run';
import type { AnalysisDefinition, AnalyzedRun } from './definition';
import type { AnalysisKind, RegisteredAnalysis } from './registry';
import { number } from './shape';
import { AnalysisWatcher } from './watcher';

/** An analysis under way, which the test brings to its end. */
interface Order {
  readonly kind: string;
  readonly options: AnalysisOptions;
  readonly resolve: (analysis: Analysis) => void;
  readonly reject: (error: unknown) => void;
}

function createRun() {
  const orders: Order[] = [];
  const state = {
    configuration: signal<Configuration | undefined>({ steps: 100 }),
    newest: signal<Evaluation | undefined>(undefined),
    weights: signal<readonly HeadWeights[]>([]),
    misfits: signal<readonly Misfit[]>([]),
  };
  const run: AnalyzedRun = {
    state,
    analyze: (kind, options?: AnalysisOptions) =>
      new Promise((resolve, reject) => {
        orders.push({ kind, options: options ?? {}, resolve, reject });
        options?.signal?.addEventListener('abort', () => {
          reject(new DOMException('aborted', 'AbortError'));
        });
      }),
  };
  const measure = (step: number): void => {
    state.newest.value = { step, curve: new Float64Array(2), mean: 1, standardError: 0.1 };
  };
  return { run, state, orders, measure };
}

const definition: AnalysisDefinition<number> = {
  shape: number,
  Introduction: () => null,
  Findings: () => null,
};

const lost = () => new ProblemError({ kind: 'lost', code: 'silent', parameters: {}, message: 'it is gone' });

/** Everything that promises have to settle. */
const settle = () => vi.advanceTimersByTimeAsync(0);

function createRegistry() {
  const load = vi.fn<RegisteredAnalysis['load']>(() => Promise.resolve({ default: definition }));
  const find = (kind: AnalysisKind): RegisteredAnalysis => ({
    kind,
    label: () => kind,
    effort: kind === 'weights' ? 'none' : kind === 'prompt' ? 'long' : 'quick',
    fixed: kind === 'kernel',
    load,
  });
  return { load, find };
}

const page = Object.assign(new EventTarget(), { hidden: false });
const watchers: AnalysisWatcher[] = [];

function setUp() {
  const { run, state, orders, measure } = createRun();
  const { load, find } = createRegistry();
  const watcher = new AnalysisWatcher(run, find);
  watchers.push(watcher);
  /** The newest order is done. */
  const finish = async (step: number, result: unknown = step): Promise<void> => {
    orders.at(-1)?.resolve({ kind: orders.at(-1)?.kind ?? '', step, result });
    await settle();
  };
  const outcome = (kind: AnalysisKind) => watcher.outcome(kind).value;
  return { state, orders, measure, load, watcher, finish, outcome };
}

beforeEach(() => {
  vi.useFakeTimers();
  page.hidden = false;
  vi.stubGlobal('document', page);
});

afterEach(() => {
  for (const watcher of watchers.splice(0)) watcher.dispose();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the kind that is watched', () => {
  test('is analysed when there is an evaluation, and again when there is a newer one', async () => {
    const { watcher, orders, measure, finish, outcome } = setUp();
    watcher.watch('fit');
    await settle();
    expect(outcome('fit')).toMatchObject({ definition, analysis: undefined, progress: undefined });
    expect(orders).toHaveLength(0);

    measure(0);
    expect(orders.map(({ kind }) => kind)).toEqual(['fit']);
    expect(orders[0]?.options.long).toBe(false);
    orders[0]?.options.onProgress?.(0.5);
    expect(outcome('fit').progress).toBe(0.5);
    await finish(0);
    expect(outcome('fit')).toMatchObject({ analysis: { step: 0, result: 0 }, progress: undefined });
    expect(orders).toHaveLength(1);

    measure(20);
    await settle();
    expect(orders).toHaveLength(2);
    await finish(23);
    expect(outcome('fit').analysis?.step).toBe(23);
    measure(20);
    await settle();
    expect(orders, 'what has been looked at is not looked at again').toHaveLength(3);
  });

  test('rests for twice as long as it took', async () => {
    const { watcher, orders, measure, finish } = setUp();
    watcher.watch('fit');
    measure(0);
    await vi.advanceTimersByTimeAsync(100);
    await finish(0);
    measure(20);
    await vi.advanceTimersByTimeAsync(199);
    expect(orders).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(orders).toHaveLength(2);
  });

  test('is analysed once if the model has no part in it', async () => {
    const { watcher, orders, measure, finish } = setUp();
    watcher.watch('kernel');
    measure(0);
    await finish(0);
    measure(20);
    await vi.advanceTimersByTimeAsync(1000);
    expect(orders).toHaveLength(1);
  });

  test('is not analysed if the state has it, if it takes long, or if it does not fit', async () => {
    const { watcher, state, orders, measure, outcome } = setUp();
    state.misfits.value = [{ kind: 'fit', code: 'out_of_range', field: 'layers', parameters: {} }];
    measure(0);
    for (const kind of ['weights', 'prompt', 'fit'] as const) {
      watcher.watch(kind);
      await settle();
      expect(outcome(kind).definition).toBe(definition);
    }
    expect(orders).toHaveLength(0);
  });

  test('gives way to another that is looked at', async () => {
    const { watcher, orders, measure } = setUp();
    watcher.watch('fit');
    measure(0);
    watcher.watch('probe');
    expect(orders[0]?.options.signal?.aborted).toBe(true);
    await settle();
    expect(orders.map(({ kind }) => kind)).toEqual(['fit', 'probe']);
  });

  test('waits while the page is hidden', async () => {
    const { watcher, orders, measure } = setUp();
    page.hidden = true;
    watcher.watch('fit');
    measure(0);
    await settle();
    expect(orders).toHaveLength(0);
    page.hidden = false;
    page.dispatchEvent(new Event('visibilitychange'));
    expect(orders).toHaveLength(1);
  });
});

describe('what was found', () => {
  test('goes with the run', async () => {
    const { watcher, state, measure, finish, outcome } = setUp();
    watcher.watch('fit');
    measure(0);
    await finish(0);
    state.newest.value = undefined;
    expect(outcome('fit')).toMatchObject({ definition, analysis: undefined });
  });

  test('goes when the run is rolled back before it, unless the model has no part in it', async () => {
    const { watcher, measure, finish, outcome } = setUp();
    for (const kind of ['fit', 'kernel'] as const) {
      watcher.watch(kind);
      measure(40);
      await finish(40);
    }
    measure(20);
    expect(outcome('fit').analysis).toBeUndefined();
    expect(outcome('kernel').analysis?.step).toBe(40);
  });
});

describe('a problem', () => {
  test('is kept until somebody tries again', async () => {
    const { watcher, orders, measure, finish, outcome } = setUp();
    watcher.watch('fit');
    measure(0);
    orders[0]?.reject(lost());
    await settle();
    expect(outcome('fit').problem).toMatchObject({ kind: 'lost', code: 'silent' });
    measure(20);
    await vi.advanceTimersByTimeAsync(1000);
    expect(orders).toHaveLength(1);
    watcher.retry('fit');
    expect(outcome('fit').problem).toBeUndefined();
    await finish(20);
    expect(outcome('fit').analysis?.step).toBe(20);
  });

  test('of a script that did not arrive is mended by another try', async () => {
    const { watcher, load, measure, finish, outcome } = setUp();
    load.mockRejectedValueOnce(new TypeError('Importing a module script failed.'));
    watcher.watch('weights');
    await settle();
    expect(outcome('weights')).toMatchObject({
      definition: undefined,
      problem: { kind: 'unavailable', code: 'script_missing' },
    });
    watcher.retry('weights');
    await settle();
    expect(outcome('weights')).toMatchObject({ definition, problem: undefined });

    load.mockRejectedValueOnce(new TypeError('Importing a module script failed.'));
    watcher.watch('fit');
    measure(0);
    await settle();
    expect(outcome('fit').problem).toMatchObject({ code: 'script_missing' });
    watcher.retry('fit');
    await finish(0);
    expect(outcome('fit').analysis?.step).toBe(0);
  });

  test('is what the engine sent, if it is not what the kind returns', async () => {
    const { watcher, measure, finish, outcome } = setUp();
    watcher.watch('fit');
    measure(0);
    await finish(0, 'no number');
    expect(outcome('fit').problem?.message).toBe('fit: expected a number, got string');
  });

  test('is not that the run was told something else first', async () => {
    const { watcher, orders, measure, outcome } = setUp();
    watcher.watch('fit');
    measure(0);
    orders[0]?.reject(new DOMException('superseded', 'AbortError'));
    await settle();
    expect(outcome('fit').problem).toBeUndefined();
  });
});

describe('a long analysis', () => {
  test('goes on while others are looked at, and ends as it is told', async () => {
    const { watcher, orders, finish, outcome } = setUp();
    watcher.watch('prompt');
    const ending = watcher.start('prompt');
    expect(orders[0]?.options.long).toBe(true);
    watcher.watch('fit');
    expect(outcome('prompt').progress).toBe(0);
    await finish(7);
    expect(await ending).toBe('done');
    expect(outcome('prompt')).toMatchObject({ analysis: { step: 7 }, progress: undefined });

    const cancelled = watcher.start('prompt');
    watcher.cancel('prompt');
    expect(await cancelled).toBe('cancelled');
    expect(outcome('prompt')).toMatchObject({ analysis: { step: 7 }, progress: undefined });

    const failed = watcher.start('prompt');
    orders.at(-1)?.reject(lost());
    expect(await failed).toBe('failed');
    expect(outcome('prompt')).toMatchObject({ problem: { kind: 'lost' }, progress: undefined });
  });
});

test('a disposed watcher leaves nothing behind', async () => {
  const { watcher, orders, measure } = setUp();
  watcher.watch('fit');
  measure(0);
  watcher.dispose();
  expect(orders[0]?.options.signal?.aborted).toBe(true);
  measure(20);
  page.dispatchEvent(new Event('visibilitychange'));
  await vi.advanceTimersByTimeAsync(1000);
  expect(orders).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(0);
});
