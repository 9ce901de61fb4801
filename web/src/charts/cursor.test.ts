import { expect, test } from 'vitest';
import { walk } from './cursor';

test.each([
  ['ArrowLeft', 5, 4],
  ['ArrowDown', 0, 0],
  ['ArrowRight', 5, 6],
  ['ArrowUp', 99, 99],
  ['PageUp', 5, 15],
  ['PageUp', 95, 99],
  ['PageDown', 5, 0],
  ['Home', 50, 0],
  ['End', 50, 99],
  ['Escape', 50, 'release'],
  ['p', 50, undefined],
])('%s from %i of 0 .. 99 leads to %s', (key, index, expected) => {
  expect(walk(key, index, 99)).toBe(expected);
});

test('where there is one place, every key stays there', () => {
  for (const key of ['ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End']) {
    expect(walk(key, 0, 0)).toBe(0);
  }
});
