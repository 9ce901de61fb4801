import { describe, expect, test } from 'vitest';
import { emptyHistory, extend, rollBack } from './history';

const evaluation = (step: number, mean = 1 / (step + 1)) => ({
  step,
  mean,
  standardError: 0,
  curve: new Float64Array(),
});

describe('the history of losses', () => {
  test('takes what is newer, in order', () => {
    const once = extend(emptyHistory, [evaluation(0), evaluation(20)]);
    const twice = extend(once, [evaluation(20), evaluation(40)]);
    expect(twice.kept.steps).toEqual([0, 20, 40]);
    expect(extend(twice, [evaluation(40)])).toBe(twice);
  });

  test('stays small over ten million steps, and keeps the first and the newest', () => {
    let history = emptyHistory;
    for (let step = 0; step <= 10_000_000; step += 1000) history = extend(history, [evaluation(step)]);
    const { steps, means } = history.kept;
    expect(steps.length).toBeLessThanOrEqual(2000);
    expect(steps.length).toBeGreaterThan(500);
    expect(means.length).toBe(steps.length);
    expect([steps[0], steps.at(-1)]).toEqual([0, 10_000_000]);
    expect([...steps].sort((a, b) => a - b)).toEqual(steps);
  });

  test('shows all of a long run, not only its end', () => {
    let history = emptyHistory;
    for (let step = 0; step <= 300_000; step += 20) history = extend(history, [evaluation(step)]);
    const { steps } = history.kept;
    const gaps = steps.slice(1).map((step, index) => step - (steps[index] ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(1000);
  });

  test('what was rolled back is kept apart, and training goes on from before it', () => {
    let history = extend(
      emptyHistory,
      [0, 10, 20, 30].map((step) => evaluation(step)),
    );
    history = rollBack(history, 12);
    expect(history.kept.steps).toEqual([0, 10]);
    expect(history.rolledBack.steps).toEqual([20, 30]);
    history = extend(history, [evaluation(12), evaluation(20)]);
    expect(history.kept.steps).toEqual([0, 10, 12, 20]);
  });
});
