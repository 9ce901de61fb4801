import { scaleLinear } from 'd3-scale';
import { describe, expect, test } from 'vitest';
import { tickTexts, xTicks, yTicks } from './ticks';

const measure = (text: string): number => 7 * text.length;

describe('texts of ticks', () => {
  const texts = (maximum: number): string[] => tickTexts(scaleLinear([0, maximum], [0, 1]).ticks(5));

  test.each([
    [1, ['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']],
    [42, ['0', '10', '20', '30', '40']],
    [6_000, ['0', '1,000', '2,000', '3,000', '4,000', '5,000', '6,000']],
    [12_500, ['0', '2,000', '4,000', '6,000', '8,000', '10,000', '12,000']],
    [1_000_000, ['0', '200K', '400K', '600K', '800K', '1M']],
    [1_200_000, ['0', '200K', '400K', '600K', '800K', '1M', '1.2M']],
    [0.05, ['0.00', '0.01', '0.02', '0.03', '0.04', '0.05']],
    [2.4e-6, ['0', '5 × 10⁻⁷', '1 × 10⁻⁶', '1.5 × 10⁻⁶', '2 × 10⁻⁶']],
    [1.2e-5, ['0', '2 × 10⁻⁶', '4 × 10⁻⁶', '6 × 10⁻⁶', '8 × 10⁻⁶', '1 × 10⁻⁵', '1.2 × 10⁻⁵']],
    [3.1e50, ['0', '5 × 10⁴⁹', '1 × 10⁵⁰', '1.5 × 10⁵⁰', '2 × 10⁵⁰', '2.5 × 10⁵⁰', '3 × 10⁵⁰']],
  ])('up to %d', (maximum, expected) => {
    expect(texts(maximum).map((text) => text.replaceAll('\u00a0', ' '))).toEqual(expected);
  });

  test.each(Array.from({ length: 60 }, (_, power) => power - 30))(
    'around 10^%i no two are the same',
    (power) => {
      for (const first of [1, 1.7, 2.5, 3.3, 6, 9.9]) {
        const all = texts(first * 10 ** power);
        expect(new Set(all).size).toBe(all.length);
        expect(all.join()).not.toMatch(/NaN|∞|–/);
      }
    },
  );

  test('far from zero they still differ', () => {
    const all = tickTexts([1_000_000, 1_000_001, 1_000_002]);
    expect(new Set(all).size).toBe(3);
  });

  test('a lone tick has a text', () => {
    const lone = [3, 1000, 0.25, 0, 2e-5, 3e7].map((value) =>
      tickTexts([value])[0]?.replaceAll('\u00a0', ' '),
    );
    expect(lone).toEqual(['3', '1,000', '0.25', '0', '2 × 10⁻⁵', '3 × 10⁷']);
    expect(tickTexts([])).toEqual([]);
  });
});

describe('ticks along x', () => {
  test.each([120, 200, 320, 500, 1000])('are apart from each other and uncut, %i px wide', (width) => {
    for (const end of [1, 2, 50, 999, 1_500, 100_000, 1_000_000, 10_000_000, 1e9]) {
      const scale = scaleLinear([0, end], [34, width - 4]);
      const ticks = xTicks(scale, Math.floor(width / 90), width, 12, measure);
      expect(ticks.length).toBeGreaterThan(0);
      for (const [index, { text, place }] of ticks.entries()) {
        const half = measure(text) / 2;
        expect(place - half).toBeGreaterThanOrEqual(0);
        expect(place + half).toBeLessThanOrEqual(width);
        const next = ticks[index + 1];
        if (next) expect(next.place - measure(next.text) / 2 - (place + half)).toBeGreaterThanOrEqual(12);
      }
    }
  });

  test('of counted things are whole', () => {
    const ticks = xTicks(scaleLinear([1, 4], [0, 1000]), 11, 1000, 12, measure);
    expect(ticks.map(({ text }) => text)).toEqual(['1', '2', '3', '4']);
  });

  test('of a share from 0 to 1 are not', () => {
    const ticks = xTicks(scaleLinear([0, 1], [0, 400]), 4, 400, 12, measure);
    expect(ticks.map(({ value }) => value)).toContain(0.2);
  });
});

test('ticks along y stand where their values are', () => {
  const scale = scaleLinear([0, 2], [200, 0]);
  for (const { value, place } of yTicks(scale)) expect(place).toBe(scale(value));
});
