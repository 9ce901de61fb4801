/** Before the second try, in milliseconds. */
const firstWait = 250;
/** Each wait is twice as long as the one before it, so many times. */
const mostDoublings = 8;
/** What has lasted so long was no failure to begin with. */
const lastingMilliseconds = 10_000;

/** Keeps what fails again and again from being tried all the time. All times are in milliseconds. */
export class Backoff {
  private failures = 0;
  private waitUntil = -Infinity;

  /** It began at one time and failed at another. */
  fail(began: number, failed: number): void {
    if (failed - began > lastingMilliseconds) this.failures = 0;
    this.waitUntil = failed + firstWait * 2 ** this.failures;
    this.failures = Math.min(this.failures + 1, mostDoublings);
  }

  mayTry(time: number): boolean {
    return time >= this.waitUntil;
  }
}
