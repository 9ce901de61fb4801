import { expect, test } from 'vitest';
import { Crew } from './crew';

/** Takes steps for so long, each as long as `stepTime` says; resolves with how often each size was chosen. */
function work(
  crew: Crew,
  available: number,
  stepTime: (helpers: number) => number,
  from: number,
  until: number,
) {
  const times = new Map<number, number>();
  let time = from;
  while (time < until) {
    const helpers = crew.choose(available, time);
    const took = stepTime(helpers);
    time += took;
    crew.measure(took, time);
    times.set(helpers, (times.get(helpers) ?? 0) + took);
  }
  return times;
}

const share = (times: Map<number, number>, helpers: number): number =>
  (times.get(helpers) ?? 0) / [...times.values()].reduce((sum, time) => sum + time, 0);

test('helpers that help are kept, at next to no cost', () => {
  const times = work(new Crew(), 1, (helpers) => 10 / (1 + helpers), 0, 60_000);
  expect(share(times, 1)).toBeGreaterThan(0.98);
});

test('a helper that makes steps slower is soon done without', () => {
  const times = work(new Crew(), 1, (helpers) => (helpers === 0 ? 1.4 : 1.7), 0, 60_000);
  expect(share(times, 0)).toBeGreaterThan(0.96);
});

test('of more helpers than cores as many are kept as are of use', () => {
  const times = work(new Crew(), 7, (helpers) => 10 / Math.min(2, 1 + helpers) + helpers, 0, 60_000);
  expect(share(times, 1)).toBeGreaterThan(0.85);
});

test('a helper whose core is free again is found out', () => {
  const crew = new Crew();
  work(crew, 1, (helpers) => (helpers === 0 ? 10 : 20), 0, 20_000);
  const times = work(crew, 1, (helpers) => (helpers === 0 ? 10 : 5), 20_000, 120_000);
  expect(share(times, 1)).toBeGreaterThan(0.6);
});

test('a helper more is taken at once', () => {
  const crew = new Crew();
  work(crew, 1, () => 10, 0, 5000);
  expect(crew.choose(2, 5000)).toBe(2);
});
