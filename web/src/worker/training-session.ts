import type { Experiment } from '@engine/mesa-simd128.mjs';
import { numberSetting, type Configuration } from './configuration';
import type { LoadedEngine } from './engine-loader';
import type { Evaluation, HeadWeights, Reference, ReferenceChoice, Report, RunRequest } from './messages';
import { ReferenceSearch } from './reference-search';
import { createTask } from './task';

/** How long the worker trains before it reports and looks for commands: 25 times a second. */
const sliceMilliseconds = 40;

/** Sends a report. The memory of `given` goes along with it, rather than a copy. */
export type Post = (report: Report, given?: (Float32Array | Float64Array)[]) => void;

/**
 * One run: an experiment that trains in slices of time, is measured at fixed steps, and obeys between
 * slices. Constructing one throws, naming the field, when the engine refuses a setting.
 */
export class TrainingSession {
  private readonly experiment: Experiment;
  private readonly configuration: Configuration;
  private referenceSearch: ReferenceSearch | undefined;
  private references: readonly Reference[] = [];
  private readonly otherReferences = new Map<string, Promise<readonly Reference[]>>();
  private step = 0;
  private learningRate: number | undefined;

  /** The run trains while its step is below this. */
  private target = 0;
  private playing = false;
  private whenPaused: (() => void)[] = [];

  /** Measured since the last report. */
  private evaluations: Evaluation[] = [];
  private evaluatedStep = -1;

  private readonly scheduleSlice = createTask(() => {
    this.trainSlice();
  });

  constructor(
    private readonly engine: LoadedEngine,
    readonly request: RunRequest,
    private readonly post: Post,
  ) {
    this.experiment = new engine.module.Experiment(request.preset, request.variant, request.overrides);
    this.configuration = this.experiment.config();
  }

  /** Reports the run as it stands at step 0. The references may follow later. */
  start(): void {
    this.step = 0;
    this.learningRate = undefined;
    this.evaluations = [];
    this.evaluatedStep = -1;
    this.post({
      type: 'opened',
      engine: this.engine.name,
      presets: this.engine.module.presets(),
      configuration: this.configuration,
    });
    this.stopHere();
    this.post({ type: 'references', references: this.references });
    this.referenceSearch ??= this.searchReferences();
  }

  play(): void {
    const steps = numberSetting(this.configuration, 'steps');
    this.target = (Math.floor(this.step / steps) + 1) * steps;
    this.playing = true;
    this.scheduleSlice();
  }

  pause(): void {
    if (this.isRunning()) this.stopHere();
  }

  /** Steps asked for one by one add up. Resolves when training pauses. */
  stepBy(count: number): Promise<void> {
    this.target = (this.playing ? this.step : this.target) + count;
    this.playing = false;
    this.scheduleSlice();
    return new Promise((resolve) => this.whenPaused.push(resolve));
  }

  restart(): void {
    this.pause();
    this.experiment.restart();
    this.start();
  }

  parameters(): Float32Array {
    return this.experiment.parameters();
  }

  close(): void {
    this.pause();
    this.referenceSearch?.cancel();
    this.experiment.delete();
  }

  /** Tunes and measures one reference algorithm on this run's sequences, once. */
  async reference(choice: ReferenceChoice): Promise<Reference | undefined> {
    const key = JSON.stringify(choice);
    const found = this.otherReferences.get(key) ?? new ReferenceSearch(this.request, choice).found;
    this.otherReferences.set(key, found);
    return (await found)[0];
  }

  private searchReferences(): ReferenceSearch {
    const search = new ReferenceSearch(this.request);
    void search.found.then((references) => {
      this.references = references;
      this.post({ type: 'references', references });
    });
    return search;
  }

  private isRunning(): boolean {
    return this.step < this.target;
  }

  private trainSlice(): void {
    if (!this.isRunning()) return;
    const end = performance.now() + sliceMilliseconds;
    let stopped: string;
    do stopped = this.trainStep();
    while (stopped === '' && this.isRunning() && performance.now() < end);

    if (stopped === '' && this.isRunning()) {
      this.report();
      this.scheduleSlice();
    } else {
      this.stopHere();
      if (stopped !== '') this.post({ type: 'problem', problem: { kind: 'diverged', message: stopped } });
    }
  }

  /** Returns why the engine refuses to train on, or nothing. */
  private trainStep(): string {
    const { step, learningRate, stopped } = this.experiment.train(1);
    this.step = step;
    this.learningRate = learningRate;
    const due = step % numberSetting(this.configuration, 'evaluation_interval') === 0;
    if (stopped === '' && due) this.evaluate();
    return stopped;
  }

  /** Pauses, with the losses and weights of the very step it pauses at. */
  private stopHere(): void {
    this.target = this.step;
    this.playing = false;
    if (this.evaluatedStep !== this.step) this.evaluate();
    this.report();
    for (const resolve of this.whenPaused.splice(0)) resolve();
  }

  private evaluate(): void {
    this.evaluatedStep = this.step;
    this.evaluations.push({ step: this.step, ...this.experiment.evaluate() });
  }

  private report(): void {
    const evaluations = this.evaluations.splice(0);
    const weights = evaluations.length > 0 ? this.headWeights() : [];
    this.post(
      {
        type: 'progress',
        step: this.step,
        running: this.isRunning(),
        learningRate: this.learningRate,
        evaluations,
        weights,
      },
      [
        ...evaluations.map(({ curve }) => curve),
        ...weights.flatMap(({ queryKey, valueOutput }) => [queryKey, valueOutput]),
      ],
    );
  }

  private headWeights(): HeadWeights[] {
    const layers = numberSetting(this.configuration, 'layers');
    const heads = numberSetting(this.configuration, 'heads');
    return Array.from({ length: layers * heads }, (_, index) => {
      const layer = Math.floor(index / heads);
      const head = index % heads;
      return { layer, head, ...this.experiment.weightProducts(layer, head) };
    });
  }
}
