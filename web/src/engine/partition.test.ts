import { describe, expect, test } from 'vitest';
import { partition, Speed } from './partition';

const counts = (groups: number, speeds: number[]): number[] =>
  partition(groups, speeds).map(({ first, end }) => end - first);

/** How long the slowest of some members takes. */
const makespan = (given: number[], speeds: number[]): number =>
  Math.max(...given.map((count, member) => count / (speeds[member] ?? 1)));

/** Every way to give `groups` groups to `members` members, at least one to each. */
function* allWays(groups: number, members: number): Generator<number[]> {
  if (members === 1) {
    yield [groups];
    return;
  }
  for (let count = 1; count <= groups - members + 1; count += 1) {
    for (const rest of allWays(groups - count, members - 1)) yield [count, ...rest];
  }
}

describe('partition', () => {
  test('ranges follow one another and cover all groups', () => {
    const ranges = partition(16, [3, 1, 2]);
    expect(ranges[0]?.first).toBe(0);
    expect(ranges.at(-1)?.end).toBe(16);
    ranges.slice(1).forEach(({ first }, index) => {
      expect(first).toBe(ranges[index]?.end);
    });
  });

  test('members of one speed get the same', () => {
    expect(counts(16, [1, 1])).toEqual([8, 8]);
    expect(counts(16, [1, 1, 1, 1])).toEqual([4, 4, 4, 4]);
  });

  test('a core that somebody else uses half of the time gets half as much', () => {
    expect(makespan(counts(16, [2, 1]), [2, 1])).toBe(5.5);
  });

  test('no other way is done earlier', () => {
    for (const speeds of [
      [1, 1],
      [2, 1],
      [1, 0.1],
      [4, 4, 1, 1],
      [1, 0.5, 0.25],
      [0.01, 1],
    ]) {
      const best = Math.min(...[...allWays(16, speeds.length)].map((way) => makespan(way, speeds)));
      expect(makespan(counts(16, speeds), speeds)).toBeCloseTo(best);
    }
  });

  test('whoever is slow still gets one group, so that its speed is known', () => {
    expect(counts(16, [1, 0.0001])).toEqual([15, 1]);
    expect(counts(16, [0.0001, 1])).toEqual([1, 15]);
  });
});

describe('a speed', () => {
  test('is a guess until it is measured', () => {
    const speed = new Speed();
    expect(speed.value(7)).toBe(7);
    speed.measure(4, 2);
    expect(speed.value(7)).toBe(2);
  });

  test('of a member that gets nothing done falls with the time that it takes', () => {
    const speed = new Speed();
    speed.measure(4, 4);
    speed.measure(0, 0.5);
    expect(speed.value(7)).toBe(1);
    speed.measure(0, 5);
    expect(speed.value(7)).toBe(0.5);
  });

  test('follows a change within some steps, and one odd step does not turn it over', () => {
    const speed = new Speed();
    for (let step = 0; step < 20; step += 1) speed.measure(8, 8);
    speed.measure(8, 16);
    expect(speed.value(1)).toBeGreaterThan(0.75);
    for (let step = 0; step < 12; step += 1) speed.measure(8, 16);
    expect(speed.value(1)).toBeCloseTo(0.5, 1);
  });
});
