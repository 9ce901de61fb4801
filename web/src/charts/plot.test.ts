import { describe, expect, test } from 'vitest';
import { createPlot, type Box } from './plot';

const box = (width: number, rem = 16): Box => ({ width, rem, measure: (text) => 0.44 * rem * text.length });

describe('a plot', () => {
  test('has room on its left for what the ticks say', () => {
    for (const maximum of [1, 123, 45_678, 9e8, 3e-6, 1e40]) {
      const { left, yTicks, box: place } = createPlot(box(400), [0, 50], maximum);
      for (const { text } of yTicks) expect(place.measure(text)).toBeLessThan(left);
    }
  });

  test('grows with the text', () => {
    const [normal, large] = [createPlot(box(390), [0, 50], 1), createPlot(box(390, 32), [0, 50], 1)];
    expect(large.height).toBeGreaterThan(1.9 * normal.height);
    expect(large.left).toBeGreaterThan(1.9 * normal.left);
    expect(large.xTicks.length).toBeLessThanOrEqual(normal.xTicks.length);
  });

  test.each([
    [[0, NaN], NaN],
    [[NaN, 3], Infinity],
    [[5, 5], 0],
    [[0, -Infinity], -1],
    [[0, 1], 1e308],
  ] as const)('is finite for x in %j and y up to %d', (domain, maximum) => {
    for (const width of [0, 1, 400]) {
      const { x, y, xTicks, yTicks, ...rest } = createPlot(box(width), domain, maximum);
      const numbers = [x(0), x(1), y(0), y(1), rest.left, rest.right, rest.top, rest.bottom, rest.height];
      for (const number of [...numbers, ...[...xTicks, ...yTicks].map(({ place }) => place)]) {
        expect(number).toSatisfy(Number.isFinite);
      }
      for (const { text } of [...xTicks, ...yTicks]) expect(text).not.toMatch(/NaN|∞/);
    }
  });
});
