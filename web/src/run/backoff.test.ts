import { expect, test } from 'vitest';
import { Backoff } from './backoff';

test('what fails at once is tried again after longer and longer waits, about a minute at most', () => {
  const backoff = new Backoff();
  let time = 0;
  const waits: number[] = [];
  for (let attempt = 0; attempt < 12; attempt += 1) {
    expect(backoff.mayTry(time)).toBe(true);
    backoff.fail(time, time);
    const began = time;
    while (!backoff.mayTry(time)) time += 50;
    waits.push(time - began);
  }
  expect(waits.slice(0, 4)).toEqual([250, 500, 1000, 2000]);
  expect(waits.slice(-2)).toEqual([64_000, 64_000]);
});

test('what has worked for a while is tried again soon', () => {
  const backoff = new Backoff();
  for (let attempt = 0; attempt < 5; attempt += 1) backoff.fail(0, 0);
  backoff.fail(10_000, 60_000);
  expect(backoff.mayTry(60_100)).toBe(false);
  expect(backoff.mayTry(60_250)).toBe(true);
});
