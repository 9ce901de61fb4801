import { batch, computed, signal } from '@preact/signals';
import type { Opened, RunEvent } from '../protocol/commands';
import { unreachable } from '../protocol/commands';
import type { Problem } from '../protocol/problem';
import type { Evaluation, HeadWeights, Misfit, Reference, ReferenceName } from '../protocol/results';
import { numberSetting, type Configuration, type EngineName } from '../protocol/run-spec';
import { emptyHistory, extend, rollBack, type LossHistory } from './history';
import { RateMeter } from './rate-meter';

/** Where a run stands with its engine: it waits for one, has one, or was parked while it trained. */
export type Seat = 'none' | 'waiting' | 'live' | 'parked';

export type Phase = 'idle' | 'loading' | 'waiting' | 'running' | 'paused' | 'finished' | 'parked';

/** What the page knows of the run, as signals that follow the worker's events. */
export class RunState {
  readonly engine = signal<EngineName | undefined>(undefined);
  readonly configuration = signal<Configuration | undefined>(undefined);
  readonly misfits = signal<readonly Misfit[]>([]);

  readonly step = signal(0);
  readonly running = signal(false);
  /** The run is to train, whether or not it has an engine just now. */
  readonly playing = signal(false);
  readonly seat = signal<Seat>('none');
  readonly workers = signal(1);
  readonly learningRate = signal<number | undefined>(undefined);
  readonly stepsPerSecond = signal<number | undefined>(undefined);

  /** The model on the held-out sequences, first and last. */
  readonly first = signal<Evaluation | undefined>(undefined);
  readonly newest = signal<Evaluation | undefined>(undefined);
  readonly history = signal<LossHistory>(emptyHistory);
  readonly references = signal<readonly Reference[]>([]);
  readonly referenceProblem = signal<Problem | undefined>(undefined);
  /** All heads, layer by layer, at the step of the newest evaluation. */
  readonly weights = signal<readonly HeadWeights[]>([]);
  readonly problem = signal<Problem | undefined>(undefined);

  /** Where the run, or the stretch that it has been continued into, ends. */
  readonly end = computed(() => {
    const configuration = this.configuration.value;
    if (!configuration) return 1;
    const steps = numberSetting(configuration, 'steps');
    return Math.max(1, Math.ceil(this.step.value / steps)) * steps;
  });

  readonly phase = computed<Phase>(() => {
    if (this.playing.value && this.seat.value === 'parked') return 'parked';
    if (this.running.value) return 'running';
    if (this.playing.value) return this.configuration.value ? 'waiting' : 'loading';
    if (!this.configuration.value) return 'idle';
    return this.step.value === this.end.value ? 'finished' : 'paused';
  });

  private readonly rate = new RateMeter();

  reference(name: ReferenceName): Reference | undefined {
    return this.references.value.find((reference) => reference.name === name);
  }

  /** A run was opened at its start, or where it was parked. */
  open({ engine, configuration, misfits, step, weights }: Opened, anew: boolean): void {
    batch(() => {
      this.engine.value = engine;
      this.configuration.value = configuration;
      this.misfits.value = misfits;
      this.step.value = step;
      this.weights.value = weights;
      if (anew) this.forget();
    });
  }

  /** Nothing that was measured holds any more. */
  forget(): void {
    batch(() => {
      this.first.value = undefined;
      this.newest.value = undefined;
      this.history.value = emptyHistory;
      this.learningRate.value = undefined;
      this.stop();
    });
  }

  /** The run has no engine any more. */
  stop(): void {
    this.running.value = false;
    this.stepsPerSecond.value = undefined;
    this.rate.reset();
  }

  hear(event: RunEvent): void {
    batch(() => {
      switch (event.type) {
        case 'progress':
          this.advance(event);
          break;
        case 'restarted':
          this.forget();
          break;
        case 'diverged':
          this.history.value = rollBack(this.history.value, event.step);
          break;
        case 'failed':
          this.stop();
          break;
        default:
          unreachable(event);
      }
    });
  }

  private advance(event: Extract<RunEvent, { type: 'progress' }>): void {
    this.step.value = event.step;
    this.running.value = event.running;
    this.workers.value = event.workers;
    this.learningRate.value = event.learningRate;
    const newest = event.evaluations.at(-1);
    if (newest) {
      this.first.value ??= event.evaluations[0];
      this.newest.value = newest;
      this.history.value = extend(this.history.value, event.evaluations);
    }
    if (event.weights.length > 0) this.weights.value = event.weights;
    if (event.running) this.stepsPerSecond.value = this.rate.add(performance.now(), event.step);
    else this.rate.reset();
  }
}
