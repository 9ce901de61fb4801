/** A try is over after so many steps and so many milliseconds. */
const fewestSteps = 5;
const triedMilliseconds = 60;
/** Between two tries, at first and at most, in milliseconds; and so many times as long as a try takes. */
const firstRest = 2000;
const longestRest = 32_000;
const restPerTry = 20;
/** A try wins if its steps take less than this share of the time. */
const winningShare = 0.97;

/**
 * Finds out how many helpers make steps the fastest. More are not always better: two of them may have one core between
 * them, or a core may belong to another program whenever a short step needs it. Now and then one helper more or less is
 * tried for a few steps. How many share a step changes nothing but its time.
 */
export class Crew {
  private available = 0;
  private size = 0;
  /** What is being tried instead, if something is. */
  private tried: number | undefined;
  private direction: 1 | -1 = -1;
  private rest = firstRest;
  private restUntil = 0;
  /** How long the newest steps took, in milliseconds: of the size that is kept, and of the one that is tried. */
  private kept: number[] = [];
  private trial: number[] = [];

  /** How many of the helpers that are there are to share the next step. `time` in milliseconds. */
  choose(available: number, time: number): number {
    if (available !== this.available) this.begin(available, time);
    if (this.tried === undefined && time >= this.restUntil && isEnough(this.kept)) this.try();
    return this.tried ?? this.size;
  }

  /** A step with as many helpers as were chosen took so long and ended now, all in milliseconds. */
  measure(took: number, time: number): void {
    if (this.tried === undefined) {
      this.kept.push(took);
      // The newest ones are compared with: what the machine does besides changes.
      if (this.kept.length > 2 * fewestSteps && total(this.kept) > 2 * triedMilliseconds) this.kept.shift();
      return;
    }
    this.trial.push(took);
    if (isEnough(this.trial)) this.judge(time);
  }

  /** Other helpers are there than before: all of them are taken until something better is known. */
  private begin(available: number, time: number): void {
    this.available = available;
    this.size = available;
    this.tried = undefined;
    this.kept = [];
    this.rest = firstRest;
    this.restUntil = time + firstRest / 4;
  }

  private try(): void {
    const tried = this.size + this.direction;
    this.direction = this.direction === 1 ? -1 : 1;
    if (tried < 0 || tried > this.available) return;
    this.tried = tried;
    this.trial = [];
  }

  private judge(time: number): void {
    const won = median(this.trial) < winningShare * median(this.kept);
    if (won && this.tried !== undefined) {
      // The same way may lead further.
      this.direction = this.tried > this.size ? 1 : -1;
      this.size = this.tried;
      this.kept = this.trial;
    }
    this.rest = won ? firstRest : Math.min(2 * this.rest, longestRest);
    this.restUntil = time + Math.max(won ? 0 : this.rest, restPerTry * total(this.trial));
    this.tried = undefined;
  }
}

const total = (times: readonly number[]): number => times.reduce((sum, time) => sum + time, 0);

const isEnough = (times: readonly number[]): boolean =>
  times.length >= fewestSteps && total(times) >= triedMilliseconds;

function median(times: readonly number[]): number {
  const sorted = [...times].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
