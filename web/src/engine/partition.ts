import type { GroupRange } from '../protocol/members';

/**
 * Cuts `groups` equal groups of work into neighbouring ranges, one for each speed in its order, so that the last one
 * to be done is done as early as can be. Each speed is above 0. While there are as many groups as members, each
 * member gets one: without work, its speed would not be known.
 */
export function partition(groups: number, speeds: readonly number[]): GroupRange[] {
  const counts = speeds.map((_, member): number => (member < groups ? 1 : 0));
  for (let group = speeds.length; group < groups; group += 1) {
    let soonest = 0;
    let soonestEnd = Infinity;
    speeds.forEach((speed, member) => {
      const end = ((counts[member] ?? 0) + 1) / speed;
      if (end < soonestEnd) {
        soonest = member;
        soonestEnd = end;
      }
    });
    counts[soonest] = (counts[soonest] ?? 0) + 1;
  }
  let first = 0;
  return counts.map((count) => {
    const range = { first, end: first + count };
    first = range.end;
    return range;
  });
}

/** How much the newest measurement of a speed counts: a core that gets other work is known after a few steps. */
const newestShare = 0.25;

/** A member's speed in groups per millisecond, kept up to date. */
export class Speed {
  private known: number | undefined;

  /** Until it is measured, `guess`. */
  value(guess: number): number {
    return this.known ?? guess;
  }

  measure(groups: number, milliseconds: number): void {
    if (groups === 0) return;
    const newest = groups / Math.max(milliseconds, 0.01);
    // The mean of times, not of speeds: what a step waits for is time.
    this.known =
      this.known === undefined ? newest : 1 / ((1 - newestShare) / this.known + newestShare / newest);
  }
}
