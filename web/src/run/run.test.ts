import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CommandMessage } from '../protocol/commands';
import type { Problem } from '../protocol/problem';
import type { RunSpec } from '../protocol/run-spec';
import { EnginePool } from './engine-pool';
import { FakeWorker } from './fake-engine';
import { Run } from './run';

const spec = (settings: Record<string, string> = {}): RunSpec => ({
  preset: 'linear-1',
  variant: '',
  engine: 'auto',
  workers: 'auto',
  settings,
});

let workers: FakeWorker[] = [];
let refuse: (message: CommandMessage) => Problem | undefined = () => undefined;
let pool: EnginePool;

const living = (): FakeWorker[] => workers.filter(({ terminated }) => !terminated);
const training = (): number => living().filter((worker) => worker.training).length;
const listeners = new Set<unknown>();

beforeEach(() => {
  vi.useFakeTimers();
  workers = [];
  refuse = () => undefined;
  listeners.clear();
  vi.stubGlobal('document', {
    hidden: false,
    addEventListener: (_: string, listener: unknown) => listeners.add(listener),
    removeEventListener: (_: string, listener: unknown) => listeners.delete(listener),
  });
  pool = new EnginePool({
    cores: 2,
    createWorker: () => {
      const worker = new FakeWorker((message) => refuse(message));
      workers.push(worker);
      return worker;
    },
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);

describe('a run', () => {
  test('plays from the moment it is open, however often it was asked to before', async () => {
    const run = new Run(pool, spec(), 'a');
    run.open(spec(), 'page');
    await Promise.all([run.play(), run.play(), pass(500)]);
    expect(run.state.step.value).toBe(100);
    expect(living()[0]?.heard.filter((name) => name === 'play')).toEqual([]);
  });

  test('that is parked before it is open has been told to play all the same', async () => {
    const post = vi.spyOn(FakeWorker.prototype, 'postMessage').mockImplementationOnce(() => undefined);
    const run = new Run(pool, spec({ steps: '1000000' }), 'a');
    const played = run.play();
    await pass(0);
    run.setVisible(false);
    await pass(0);
    const call = post.mock.calls[0]?.[0].call ?? 0;
    const problem: Problem = { kind: 'lost', code: 'superseded', parameters: {}, message: 'told otherwise' };
    workers[0]?.onmessage?.({ data: { type: 'refusal', call, problem } } as MessageEvent<never>);
    await expect(played).resolves.toBeUndefined();
    run.setVisible(true);
    await pass(100);
    expect(run.state.phase.value).toBe('running');
  });

  test('trains to its end, and then on', async () => {
    const run = new Run(pool, spec(), 'a');
    await Promise.all([run.play(), pass(500)]);
    expect(run.state.phase.value).toBe('finished');
    expect(run.state.step.value).toBe(100);
    await Promise.all([run.play(), pass(500)]);
    expect(run.state.step.value).toBe(200);
  });

  test('steps that are asked for one by one add up', async () => {
    const run = new Run(pool, spec(), 'a');
    await Promise.all([run.step(7), run.step(3), pass(500)]);
    expect(run.state.step.value).toBe(10);
    expect(run.state.phase.value).toBe('paused');
  });

  test('an order that a newer one replaces before it begins is not carried out', async () => {
    const run = new Run(pool, spec(), 'a');
    await Promise.all([run.play(), run.reset(), run.play(), run.pause(), pass(200)]);
    expect(workers[0]?.heard.filter((name) => name === 'play')).toEqual([]);
    expect(run.state.step.value).toBe(0);
  });

  test('out of sight it is parked, and back in sight it goes on from there', async () => {
    const run = new Run(pool, spec({ steps: '1000' }), 'a');
    await Promise.all([run.play(), pass(100)]);
    run.setVisible(false);
    await pass(50);
    expect(run.state.phase.value).toBe('parked');
    const { value: step } = run.state.step;
    expect(step).toBeGreaterThan(0);
    await pass(500);
    expect(run.state.step.value).toBe(step);
    expect(training()).toBe(0);
    run.setVisible(true);
    await pass(15);
    expect(run.state.step.value).toBeGreaterThan(step);
    expect(run.state.step.value).toBeLessThan(step + 50);
  });

  test('in a hidden tab only what the visitor set playing goes on', async () => {
    const run = new Run(pool, spec({ steps: '100000' }), 'a');
    await Promise.all([run.play('page'), pass(100)]);
    Object.assign(document, { hidden: true });
    for (const listener of listeners) (listener as () => void)();
    await pass(50);
    expect(training()).toBe(0);
    Object.assign(document, { hidden: false });
    for (const listener of listeners) (listener as () => void)();
    await Promise.all([run.play('visitor'), pass(100)]);
    Object.assign(document, { hidden: true });
    for (const listener of listeners) (listener as () => void)();
    await pass(50);
    expect(training()).toBe(1);
  });

  test('a worker that throws is a problem, and another run or the same one goes on in a new worker', async () => {
    const run = new Run(pool, spec({ steps: '1000' }), 'a');
    await Promise.all([run.play(), pass(100)]);
    living()
      .find((worker) => worker.training)
      ?.crash('boom');
    expect(run.state.problem.value).toMatchObject({ kind: 'lost', code: 'threw' });
    expect(run.state.playing.value).toBe(false);
    await expect(run.play()).rejects.toThrow('boom');
    run.retry();
    await pass(100);
    expect(run.state.problem.value).toBeUndefined();
    expect(run.state.step.value).toBeGreaterThan(0);
    expect(run.state.phase.value).toBe('running');
  });

  test('after a loss, a run that is revived can be told what to do from its start', async () => {
    const run = new Run(pool, spec({ steps: '1000' }), 'a');
    await Promise.all([run.play(), pass(100)]);
    living()
      .find((worker) => worker.training)
      ?.crash('boom');
    run.revive();
    await Promise.all([run.step(), pass(100)]);
    expect(run.state.problem.value).toBeUndefined();
    expect(run.state.phase.value).toBe('paused');
  });

  test('a worker that is lost while it has nothing to do is not given to anybody', async () => {
    const run = new Run(pool, spec({ steps: '1000' }), 'a');
    await Promise.all([run.play(), pass(100)]);
    for (const worker of living()) worker.crash('boom');
    run.retry();
    await pass(100);
    expect(run.state.problem.value).toBeUndefined();
    expect(run.state.phase.value).toBe('running');
    expect(living().length).toBe(2);
  });

  test('a worker that falls silent is given up', async () => {
    const run = new Run(pool, spec({ steps: '1000000' }), 'a');
    await Promise.all([run.play(), pass(100)]);
    const worker = living().find((one) => one.training);
    if (worker) Object.assign(worker, { postMessage: () => undefined });
    worker?.terminate();
    await pass(30_000);
    expect(run.state.problem.value).toMatchObject({ kind: 'lost', code: 'silent' });
  });

  test('a setting that the engine refuses is a problem, and the next run opens', async () => {
    const problem: Problem = {
      kind: 'configuration',
      code: 'out_of_range',
      field: 'layers',
      parameters: {},
      message: 'layers: no',
    };
    refuse = (message) =>
      message.name === 'open' && message.order.spec.settings.layers === '99' ? problem : undefined;
    const run = new Run(pool, spec({ layers: '99' }), 'a');
    const played = expect(run.play()).rejects.toThrow('layers: no');
    await Promise.all([played, pass(100)]);
    expect(run.state.problem.value).toEqual(problem);
    await expect(run.step()).rejects.toThrow('layers: no');
    run.open(spec());
    await pass(100);
    expect(run.state.problem.value).toBeUndefined();
    expect(run.state.step.value).toBeGreaterThan(0);
  });

  test('a reference search that failed is said, and can be repeated', async () => {
    const problem: Problem = { kind: 'unavailable', code: 'module_missing', parameters: {}, message: 'no' };
    let broken = true;
    refuse = ({ name }) => (broken && name === 'references' ? problem : undefined);
    const run = new Run(pool, spec(), 'a');
    await Promise.all([run.play(), pass(200)]);
    expect(run.state.referenceProblem.value).toEqual(problem);
    broken = false;
    run.retryReferences();
    await pass(200);
    expect(run.state.referenceProblem.value).toBeUndefined();
  });

  test('a cancelled analysis ends its worker, and the next one has another', async () => {
    const run = new Run(pool, spec(), 'a');
    await Promise.all([run.play(), pass(2000)]);
    const controller = new AbortController();
    const first = run.analyze('weights', { signal: controller.signal });
    const refused = expect(first).rejects.toThrow('enough');
    await pass(10);
    controller.abort(new Error('enough'));
    await refused;
    const second = run.analyze('weights');
    await pass(100);
    await expect(second).resolves.toMatchObject({ kind: 'weights' });
  });
});

describe('a pool', () => {
  test('of two cores never has more than two workers train, and the run in use has both', async () => {
    const runs = Array.from(
      { length: 8 },
      (_, index) => new Run(pool, spec({ steps: '100000' }), String(index)),
    );
    for (const run of runs) void run.play('page');
    await pass(3000);
    const used = runs[5];
    used?.setInUse();
    await pass(3000);
    for (let time = 0; time < 20_000; time += 100) {
      await pass(100);
      expect(living().length).toBeLessThanOrEqual(2);
      expect(living().filter(({ use }) => use === 'training').length).toBeLessThanOrEqual(1);
    }
    expect(used?.state.phase.value).toBe('running');
    expect(living().filter(({ use }) => use === 'assisting').length).toBe(1);
  });

  test('gives a run as many workers as it is told to have, and none of them stays', async () => {
    const run = new Run(pool, { ...spec({ steps: '100000' }), workers: 6 }, 'a');
    void run.play();
    await pass(2000);
    expect(living().filter(({ use }) => use === 'assisting').length).toBe(5);
    void run.pause();
    await pass(2000);
    expect(living().length).toBeLessThanOrEqual(2);
  });

  test('runs that are not in use take turns', async () => {
    const runs = Array.from(
      { length: 5 },
      (_, index) => new Run(pool, spec({ steps: '100000' }), String(index)),
    );
    runs[0]?.setInUse();
    for (const run of runs.slice(1)) void run.play('page');
    await pass(60_000);
    for (const run of runs.slice(1)) expect(run.state.step.value).toBeGreaterThan(1000);
  });

  test('after the last run is disposed, no worker, timer or listener is left', async () => {
    for (let round = 0; round < 20; round += 1) {
      const runs = Array.from({ length: 8 }, (_, index) => new Run(pool, spec(), String(index)));
      for (const run of runs) void run.play('page').catch(() => undefined);
      await pass(70);
      await Promise.all([...runs.map((run) => run.dispose()), pass(500)]);
    }
    expect(living()).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
    expect(listeners.size).toBe(0);
  });
});
