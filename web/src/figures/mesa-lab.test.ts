import { signal } from '@preact/signals';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { defaultRun } from '../address/page-state';
import type { Problem } from '../protocol/problem';
import { RunState } from '../run/run-state';
import type { RunNews } from '../run/run';
import type { Figure } from './figure';
import { installMesaLab, type MesaProblem, type MesaProgress } from './mesa-lab';
import type { PageFigures } from './page-figures';

class DetailedEvent<Detail> extends Event {
  readonly detail: Detail;

  constructor(type: string, { detail }: { detail: Detail }) {
    super(type);
    this.detail = detail;
  }
}

/** A figure whose run has a state and nothing that changes it. */
function createFakeFigure(id: string) {
  const listeners = new Set<(news: RunNews) => void>();
  const run = {
    id,
    request: signal(defaultRun),
    state: new RunState(),
    play: vi.fn(() => Promise.resolve()),
    pause: vi.fn(() => Promise.resolve()),
    step: vi.fn<(count?: number) => Promise<void>>(() => Promise.resolve()),
    reset: vi.fn<(seed?: number) => Promise<void>>(() => Promise.resolve()),
    analyze: vi.fn((kind: string) => Promise.resolve({ kind, step: 0, result: {} })),
    onNews: (listener: (news: RunNews) => void) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
  const tell = (steps: readonly number[]): void => {
    const evaluations = steps.map((step) => ({
      step,
      mean: 1 / step,
      standardError: 0,
      curve: new Float64Array([1, 0.5]),
    }));
    run.state.hear({
      type: 'progress',
      run: id,
      step: steps.at(-1) ?? 0,
      running: true,
      workers: 2,
      learningRate: 0.1,
      evaluations,
      weights: [],
    });
    for (const listener of listeners) listener({ run: id, evaluations });
  };
  // The interface uses no more of a figure than this.
  return { figure: { id, run } as unknown as Figure, run, tell, listeners };
}

function setUp() {
  const fakes = [createFakeFigure('one'), createFakeFigure('two')] as const;
  const all = signal<readonly Figure[]>(fakes.map(({ figure }) => figure));
  const find = (id: string) => all.value.find((figure) => figure.id === id);
  const remove = installMesaLab({ all, find } as unknown as PageFigures);
  return { first: fakes[0], second: fakes[1], all, remove };
}

beforeEach(() => {
  vi.stubGlobal('window', new EventTarget());
  vi.stubGlobal('CustomEvent', DetailedEvent);
  return () => {
    vi.unstubAllGlobals();
  };
});

/** What events of a type have told so far. */
function collect<Detail>(type: string): Detail[] {
  const details: Detail[] = [];
  window.addEventListener(type, (event) => {
    details.push((event as unknown as DetailedEvent<Detail>).detail);
  });
  return details;
}

describe('window.mesaLab', () => {
  test('is the first figure, and leads to the others by name', async () => {
    const { first, second } = setUp();
    await window.mesaLab.play();
    await window.mesaLab.figure('two').step(3);
    expect(window.mesaLab.figures()).toEqual(['one', 'two']);
    expect(first.run.play).toHaveBeenCalledTimes(1);
    expect(second.run.step).toHaveBeenCalledWith(3);
    expect(() => window.mesaLab.figure('three')).toThrow('figure: expected one of one, two, got "three"');
  });

  test('refuses numbers that make no sense, and passes the reason of a failure on', async () => {
    const { first } = setUp();
    await expect(window.mesaLab.step(0)).rejects.toThrow('count: expected a whole number from 1, got 0');
    await expect(window.mesaLab.step(1.5)).rejects.toThrow('got 1.5');
    await expect(window.mesaLab.reset(-1)).rejects.toThrow('seed: expected a whole number from 0, got -1');
    expect(first.run.step).not.toHaveBeenCalled();
    first.run.pause.mockRejectedValueOnce(new Error('the engine is gone'));
    await expect(window.mesaLab.pause()).rejects.toThrow('the engine is gone');
  });

  test('says in its state all that was measured', () => {
    const { first } = setUp();
    first.tell([1, 2]);
    first.tell([4]);
    expect(window.mesaLab.state()).toMatchObject({
      figure: 'one',
      run: 'one',
      step: 4,
      loss: 0.25,
      evaluatedStep: 4,
      workers: 2,
      curves: { model: [1, 0.5] },
      history: { step: [1, 2, 4], loss: [1, 0.5, 0.25] },
      problem: undefined,
    });
  });

  test('tells what is new, and whose it is', () => {
    const told = collect<MesaProgress>('mesa-progress');
    const { first, second } = setUp();
    first.tell([1, 2]);
    second.tell([5]);
    first.tell([]);
    expect(told.map(({ figure, evaluations }) => [figure, evaluations.map(({ step }) => step)])).toEqual([
      ['one', [1, 2]],
      ['two', [5]],
      ['one', []],
    ]);
    expect(told[0]).not.toHaveProperty('history');
  });

  test('tells what goes wrong', () => {
    const told = collect<MesaProblem>('mesa-problem');
    const { second } = setUp();
    const problem: Problem = {
      kind: 'unavailable',
      code: 'worker_missing',
      parameters: {},
      message: 'the script did not arrive',
    };
    second.run.state.problem.value = problem;
    second.run.state.referenceProblem.value = problem;
    expect(told).toEqual([
      { figure: 'two', run: 'two', about: 'run', problem },
      { figure: 'two', run: 'two', about: 'references', problem },
    ]);
    expect(window.mesaLab.figure('two').state().problem).toBe('the script did not arrive');
  });

  test('lets go of figures that are closed, and of all when it is removed', () => {
    const { first, second, all, remove } = setUp();
    all.value = [second.figure];
    expect(first.listeners.size).toBe(0);
    expect(window.mesaLab.figures()).toEqual(['two']);
    remove();
    expect(second.listeners.size).toBe(0);
    expect(window).not.toHaveProperty('mesaLab');
  });
});
