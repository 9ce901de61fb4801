import { describe, expect, test } from 'vitest';
import { allocate, type RunDemand, type TaskDemand } from './allocation';

const run = (id: string, more: Partial<RunDemand> = {}): RunDemand => ({
  id,
  busy: true,
  idle: false,
  seated: false,
  helped: 0,
  inUse: false,
  since: 0,
  helpers: 7,
  ...more,
});

const task = (id: number, of: string, more: Partial<TaskDemand> = {}): TaskDemand => ({
  id,
  run: of,
  long: false,
  started: false,
  ...more,
});

const cores = ({ engines, helpers, tasks }: ReturnType<typeof allocate>): number =>
  engines.length + [...helpers.values()].reduce((sum, count) => sum + count, 0) + tasks.length;

describe('allocate', () => {
  test('the run in use has all cores, whatever else plays', () => {
    const given = allocate(4, [run('a'), run('b', { inUse: true }), run('c')], []);
    expect(given.engines).toEqual(['b']);
    expect(given.helpers.get('b')).toBe(3);
  });

  test('what was asked about the run in use goes before its helpers, what was asked about others behind', () => {
    const runs = [run('a', { inUse: true }), run('b')];
    expect(allocate(2, runs, [task(1, 'a')])).toMatchObject({ engines: ['a'], tasks: [1] });
    const others = allocate(2, runs, [task(1, 'b')]);
    expect(others.tasks).toEqual([]);
    expect(others.helpers.get('a')).toBe(1);
  });

  test('if the run in use pauses, the others share the cores in turn', () => {
    const runs = [
      run('a', { inUse: true, busy: false, idle: true, seated: true }),
      run('b', { since: 2 }),
      run('c', { since: 1 }),
      run('d', { since: 3 }),
    ];
    expect(allocate(2, runs, []).engines).toEqual(['c', 'b']);
  });

  test('a paused run keeps its workers while there is room', () => {
    const paused = run('a', { busy: false, idle: true, seated: true, helped: 2 });
    expect(allocate(4, [paused], []).helpers.get('a')).toBe(2);
    expect(allocate(4, [paused, run('b', { helpers: 1 })], []).helpers.get('a')).toBe(1);
    expect(allocate(2, [paused, run('b', { helpers: 0 })], []).engines).toEqual(['b', 'a']);
    expect(allocate(2, [paused, run('b'), run('c')], []).engines).toEqual(['b', 'c']);
  });

  test('a short task need not wait for a long one', () => {
    const long = task(1, 'a', { long: true, started: true });
    const runs = [run('a', { inUse: true })];
    expect(allocate(2, runs, [long, task(2, 'a')]).tasks).toEqual([1, 2]);
    expect(allocate(2, runs, [long, task(2, 'a', { started: true }), task(3, 'a')]).tasks).toEqual([1, 2]);
    expect(allocate(2, runs, [long, task(2, 'a', { long: true })]).tasks).toEqual([1]);
  });

  test('never are there more workers than cores, but for one short task beside a long one', () => {
    let state = 1;
    const random = (below: number): number => {
      state = (state * 48271) % 2147483647;
      return state % below;
    };
    for (let trial = 0; trial < 2000; trial += 1) {
      const budget = 2 + random(7);
      const runs = Array.from({ length: random(9) }, (_, index) =>
        run(String(index), {
          busy: random(3) > 0,
          seated: random(2) > 0,
          helped: random(4),
          since: random(5),
          helpers: random(8),
        }),
      );
      const used = runs[random(9)];
      const all = runs.map((one) => ({ ...one, inUse: one === used }));
      const tasks = Array.from({ length: random(5) }, (_, id) =>
        task(id, String(random(9)), { long: random(2) > 0 }),
      );
      const given = allocate(budget, all, tasks);
      const long = tasks.some((one) => one.long && given.tasks.includes(one.id));
      expect(cores(given)).toBeLessThanOrEqual(budget + (long ? 1 : 0));
      expect(new Set(given.engines).size).toBe(given.engines.length);
    }
  });
});
