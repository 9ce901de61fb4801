import { describe, expect, test } from 'vitest';
import {
  compact,
  duration,
  fixed,
  integer,
  loss,
  noNumber,
  percent,
  rough,
  scientific,
  signedRough,
  significant,
} from './numbers';

const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ');

describe('numbers in English', () => {
  test.each([
    [integer(1_500_000), '1,500,000'],
    [integer(-3), '−3'],
    [fixed(0.5, 2), '0.50'],
    [fixed(-0.0001, 2), '0.00'],
    [significant(0.123456, 3), '0.123'],
    [compact(1_250_000, 3), '1.25M'],
    [scientific(0.0032, 1), '3 × 10⁻³'],
    [rough(0), '0'],
    [rough(0.149), '0.15'],
    [rough(-33.4), '−33'],
    [rough(7.13e-7), '7.1 × 10⁻⁷'],
    [rough(1234), '1.2 × 10³'],
    [signedRough(0.15), '+0.15'],
    [signedRough(-0.15), '−0.15'],
    [signedRough(0), '0'],
    [percent(0.344), '34%'],
  ])('%s', (text, expected) => {
    expect(plain(text)).toBe(expected);
  });

  test.each([
    [0, '0.000'],
    [0.8967, '0.897'],
    [0.1, '0.100'],
    [12.3456, '12.346'],
    [12_345.6, '12,346'],
    [0.0123456, '0.0123'],
    [0.05, '0.0500'],
    [0.000123456, '0.000123'],
    [1.23456e-6, '1.23 × 10⁻⁶'],
    [4.8e50, '4.8 × 10⁵⁰'],
  ])('a loss of %d', (value, expected) => {
    expect(plain(loss(value))).toBe(expected);
  });

  test.each([
    [0, '0 sec'],
    [11.2, '12 sec'],
    [59.5, '1 min 0 sec'],
    [200, '3 min 20 sec'],
    [7_500, '2 hr 5 min'],
  ])('%d seconds', (seconds, expected) => {
    expect(plain(duration(seconds))).toBe(expected);
  });
});

test('what is no number is said to be none', () => {
  const texts = [integer, rough, signedRough, loss, percent, duration].flatMap((text) =>
    [NaN, Infinity, -Infinity].map(text),
  );
  expect(new Set([...texts, fixed(NaN, 2), compact(NaN, 2), scientific(Infinity, 2)])).toEqual(
    new Set([noNumber]),
  );
});
