import { describe, expect, test } from 'vitest';
import { nearest, nearestIndex, thin, type Point } from './points';

const line = (count: number, height: (x: number) => number): Point[] =>
  Array.from({ length: count }, (_, x) => ({ x, y: height(x) }));

describe('thinning', () => {
  test('leaves a short line as it is', () => {
    const points = line(800, Math.sqrt);
    expect(thin(points)).toBe(points);
  });

  test.each([801, 900, 5_000, 123_457, 1_000_000])('of %i points draws at most 802', (count) => {
    const drawn = thin(line(count, (x) => Math.sin(x)));
    expect(drawn.length).toBeLessThanOrEqual(802);
    expect(drawn.length).toBeGreaterThan(350);
  });

  test('keeps both ends, the order and every peak', () => {
    const points = line(50_000, (x) => (x === 31_415 ? 7 : x === 2_718 ? -3 : 0));
    const drawn = thin(points);
    expect(drawn[0]).toBe(points[0]);
    expect(drawn.at(-1)).toBe(points.at(-1));
    expect(drawn.map(({ x }) => x)).toEqual(drawn.map(({ x }) => x).sort((a, b) => a - b));
    expect(new Set(drawn).size).toBe(drawn.length);
    expect(drawn).toContain(points[31_415]);
    expect(drawn).toContain(points[2_718]);
  });

  test('draws the same points when one more comes', () => {
    const points = line(5_000, (x) => Math.sin(x * x));
    const before = thin(points.slice(0, 4_992));
    expect(thin(points.slice(0, 4_993)).slice(0, before.length - 1)).toEqual(before.slice(0, -1));
  });

  test('prefers points that have a height', () => {
    for (const none of [NaN, Infinity, -Infinity]) {
      const drawn = thin(line(4_000, (x) => (x % 3 === 1 ? x : none)));
      expect(drawn.filter(({ y }) => Number.isFinite(y)).length).toBeGreaterThan(0.99 * drawn.length);
    }
  });
});

describe('the nearest point', () => {
  const points = [0, 1, 4, 10].map((x) => ({ x, y: 0 }));

  test.each([
    [-5, 0],
    [0.4, 0],
    [0.6, 1],
    [2.6, 2],
    [7, 2],
    [7.1, 3],
    [99, 3],
  ])('of %f is number %i', (x, index) => {
    expect(nearestIndex(points, x)).toBe(index);
    expect(nearest(points, x)).toBe(points[index]);
  });

  test('of no points is none', () => {
    expect(nearestIndex([], 1)).toBe(-1);
    expect(nearest([], 1)).toBeUndefined();
  });
});
