import { expect, test } from 'vitest';
import { tabAfter } from './tab-keys';

test.each([
  ['ArrowRight', 0, 1],
  ['ArrowRight', 9, 0],
  ['ArrowLeft', 0, 9],
  ['ArrowLeft', 5, 4],
  ['Home', 5, 0],
  ['End', 5, 9],
  ['Enter', 5, undefined],
])('%s from tab %i of ten leads to %s', (key, index, expected) => {
  expect(tabAfter(key, index, 10)).toBe(expected);
});
