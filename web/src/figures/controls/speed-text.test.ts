import { expect, test } from 'vitest';
import { speedText } from './run-numbers';

test.each([
  [undefined, '–'],
  [0.31, '0.31'],
  [3.24, '3.2'],
  [33.4, '33'],
  [101.7, '102'],
  [1600, '1,600'],
])('%s steps a second are shown as %s', (rate, text) => {
  expect(speedText(rate)).toBe(text);
});
