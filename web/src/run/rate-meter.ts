const windowMilliseconds = 2000;
const displayMilliseconds = 500;
/** A run whose steps take longer is measured over so many of them. */
const fewestSteps = 2;

/** Steps per second over the last two seconds or the last two steps, renewed twice a second so that it can be read. */
export class RateMeter {
  /** One for each step that was reported. */
  private samples: { time: number; step: number }[] = [];
  private shown: { time: number; rate: number | undefined } = { time: -Infinity, rate: undefined };

  reset(): void {
    this.samples = [];
    this.shown = { time: -Infinity, rate: undefined };
  }

  /** `time` in milliseconds. */
  add(time: number, step: number): number | undefined {
    if (this.samples.at(-1)?.step !== step) {
      this.samples.push({ time, step });
      this.samples = this.samples.filter(
        (sample) => time - sample.time <= windowMilliseconds || step - sample.step <= fewestSteps,
      );
    }
    if (time - this.shown.time >= displayMilliseconds) this.shown = { time, rate: this.measure() };
    return this.shown.rate;
  }

  private measure(): number | undefined {
    const first = this.samples[0];
    const last = this.samples.at(-1);
    if (!first || !last || last.time - first.time < displayMilliseconds / 2) return undefined;
    return ((last.step - first.step) * 1000) / (last.time - first.time);
  }
}
