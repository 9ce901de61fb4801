import type { Experiment, MainModule } from '@engine/mesa-simd128.mjs';
import type { HelperOrder } from './helper-worker';
import { Line, LineFailure } from './line';
import type { RunRequest, Score } from './messages';
import { takeSharedStep, type TrainingStatus } from './shared-step';

type LossSums = ReturnType<Experiment['lossSums']>;

/** A helper's share is as large as our own: when ours is done, its is due. So long after, it is lost. */
const patienceMilliseconds = 10_000;

/** How many workers share a step: a power of two, as the engine wants it. */
export function teamSize(workers: string): number {
  if (workers === 'auto') return Math.min(8, 2 ** Math.floor(Math.log2(navigator.hardwareConcurrency || 1)));
  if (['1', '2', '4', '8'].includes(workers)) return Number(workers);
  throw Object.assign(new Error(`workers: expected auto, 1, 2, 4 or 8, got "${workers}"`), {
    field: 'workers',
  });
}

/**
 * An experiment and the helpers that share its steps, each in a worker of its own. Until they are there, and
 * when one fails, the experiment trains alone: nothing but the speed changes.
 */
export class Team {
  private helpers: Worker[] = [];
  private ready = 0;
  /** To the helpers, while they hold the same state as the experiment. */
  private lines: Line[] = [];

  constructor(
    private readonly engine: MainModule,
    private readonly experiment: Experiment,
    private readonly request: RunRequest,
    private readonly most: number,
  ) {}

  /** Workers that shared the newest step. */
  get size(): number {
    return this.lines.length + 1;
  }

  recruit(): void {
    this.helpers = Array.from({ length: this.most - 1 }, () => {
      const helper = new Worker(new URL('./helper-worker.ts', import.meta.url), { type: 'module' });
      // Its only message is that it is ready.
      helper.onmessage = () => {
        this.ready += 1;
      };
      helper.onerror = (event) => {
        event.preventDefault();
        this.dismiss(event.message);
      };
      helper.postMessage({ type: 'open', request: this.request } satisfies HelperOrder);
      return helper;
    });
  }

  async step(): Promise<TrainingStatus> {
    if (this.lines.length === 0) this.gather();
    if (this.lines.length === 0) return this.experiment.train(1);
    return this.together(
      () => takeSharedStep(this.experiment, 0, this.lines),
      () => this.experiment.train(1),
    );
  }

  /** The model on the held-out sequences. Helpers measure their parts whenever an evaluation is due after a step. */
  async evaluate(): Promise<Score> {
    return this.together(
      async () => {
        const parts = [this.experiment.lossSums(0, this.size)];
        for (const line of this.lines) parts.push(await line.take<LossSums>());
        return this.engine.lossCurve({
          byGroup: concatenate(parts.map(({ byGroup }) => byGroup)),
          bySequence: concatenate(parts.map(({ bySequence }) => bySequence)),
        });
      },
      () => this.experiment.evaluate(this.experiment.parameters()),
    );
  }

  /** The experiment's state is no longer that of the helpers: they get it before the next step. */
  scatter(): void {
    for (const line of this.lines.splice(0)) line.close();
  }

  /** The experiment goes on alone. */
  dismiss(reason = 'no longer needed'): void {
    for (const line of this.lines) line.fail(reason);
    this.scatter();
    for (const helper of this.helpers.splice(0)) helper.terminate();
    this.ready = 0;
  }

  /** Has all helpers join, each pair of members with a line of its own, if all are there. */
  private gather(): void {
    const count = this.helpers.length;
    if (count === 0 || this.ready < count) return;
    const ports = Array.from({ length: count + 1 }, (): MessagePort[] => []);
    for (let first = 0; first <= count; first += 1) {
      for (let second = first + 1; second <= count; second += 1) {
        const { port1, port2 } = new MessageChannel();
        ports[first]?.push(port1);
        ports[second]?.push(port2);
      }
    }
    const state = this.experiment.trainingState();
    const [own = [], ...others] = ports;
    this.lines = own.map((port) => new Line(port, patienceMilliseconds));
    this.helpers.forEach((helper, index) => {
      const theirs = others[index] ?? [];
      const order: HelperOrder = { type: 'join', state, share: index + 1, ports: theirs };
      helper.postMessage(order, theirs);
    });
  }

  /** What the members do together; where a helper fails, what the experiment does alone. */
  private async together<Result>(shared: () => Promise<Result>, alone: () => Result): Promise<Result> {
    try {
      return await shared();
    } catch (error) {
      if (!(error instanceof LineFailure)) throw error;
      this.dismiss(error.message);
      return alone();
    }
  }
}

function concatenate(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let start = 0;
  for (const part of parts) {
    whole.set(part, start);
    start += part.length;
  }
  return whole;
}
