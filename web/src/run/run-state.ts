import { batch, computed, signal } from '@preact/signals';
import { numberSetting, type Configuration } from '../worker/configuration';
import {
  unreachable,
  type EngineName,
  type Evaluation,
  type HeadWeights,
  type PresetChoice,
  type Problem,
  type Progress,
  type Reference,
  type ReferenceName,
  type Report,
} from '../worker/messages';
import { RateMeter } from './rate-meter';

export type Phase = 'loading' | 'running' | 'paused' | 'finished';

/** What the page knows of the run, as signals that follow the worker's reports. */
export class RunState {
  readonly engine = signal<EngineName | undefined>(undefined);
  readonly presets = signal<readonly PresetChoice[]>([]);
  readonly configuration = signal<Configuration | undefined>(undefined);

  readonly step = signal(0);
  readonly running = signal(false);
  readonly workers = signal(1);
  readonly learningRate = signal<number | undefined>(undefined);
  readonly stepsPerSecond = signal<number | undefined>(undefined);

  /** The model on the held-out sequences, oldest first. */
  readonly evaluations = signal<readonly Evaluation[]>([]);
  readonly references = signal<readonly Reference[]>([]);
  /** All heads, layer by layer, at the step of the newest evaluation. */
  readonly weights = signal<readonly HeadWeights[]>([]);
  readonly problem = signal<Problem | undefined>(undefined);

  readonly newest = computed(() => this.evaluations.value.at(-1));

  /** Where the run, or the stretch that it has been continued into, ends. */
  readonly end = computed(() => {
    const configuration = this.configuration.value;
    if (!configuration) return 1;
    const steps = numberSetting(configuration, 'steps');
    return Math.max(1, Math.ceil(this.step.value / steps)) * steps;
  });

  readonly phase = computed<Phase>(() => {
    if (!this.configuration.value) return 'loading';
    if (this.running.value) return 'running';
    return this.step.value === this.end.value ? 'finished' : 'paused';
  });

  private readonly rate = new RateMeter();

  reference(name: ReferenceName): Reference | undefined {
    return this.references.value.find((reference) => reference.name === name);
  }

  apply(report: Exclude<Report, { type: 'answer' }>): void {
    batch(() => {
      switch (report.type) {
        case 'opened':
          this.engine.value = report.engine;
          this.presets.value = report.presets;
          this.configuration.value = report.configuration;
          this.evaluations.value = [];
          this.references.value = [];
          this.problem.value = undefined;
          break;
        case 'references':
          this.references.value = report.references;
          break;
        case 'progress':
          this.applyProgress(report);
          break;
        case 'problem':
          this.problem.value = report.problem;
          break;
        default:
          unreachable(report);
      }
    });
  }

  private applyProgress(progress: Progress): void {
    this.step.value = progress.step;
    this.running.value = progress.running;
    this.workers.value = progress.workers;
    this.learningRate.value = progress.learningRate;
    if (progress.evaluations.length > 0) {
      this.evaluations.value = [...this.evaluations.value, ...progress.evaluations];
    }
    if (progress.weights.length > 0) this.weights.value = progress.weights;
    if (progress.running) {
      this.stepsPerSecond.value = this.rate.add(performance.now(), progress.step);
    } else {
      this.rate.reset();
    }
  }
}
