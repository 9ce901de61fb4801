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
  /** Milliseconds a group. */
  private known: number | undefined;

  /** Until it is measured, `guess`. */
  value(guess: number): number {
    return this.known === undefined ? guess : 1 / this.known;
  }

  measure(groups: number, milliseconds: number): void {
    // Time in which not even one was done tells of the speed once it is longer than one should take.
    if (groups === 0 && milliseconds < (this.known ?? Infinity)) return;
    const newest = Math.max(milliseconds, 0.01) / Math.max(groups, 1);
    // The mean of times, not of speeds: what a step waits for is time.
    const known = this.known ?? newest;
    this.known = known + newestShare * (newest - known);
  }
}
