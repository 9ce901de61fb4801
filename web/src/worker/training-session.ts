import type { Experiment } from '@engine/mesa-simd128.mjs';
import { numberSetting, type Configuration } from './configuration';
import type { LoadedEngine } from './engine-loader';
import type {
  Evaluation,
  HeadWeights,
  Reference,
  ReferenceChoice,
  Report,
  RunRequest,
  Score,
  Snapshot,
} from './messages';
import { ReferenceSearch } from './reference-search';
import { nextTask } from './task';
import { Team, teamSize } from './team';

/** How long the worker trains before it may report and looks for commands: 15 times a second. */
const sliceMilliseconds = 66;
/** Drawing takes processor time from training. So long the page goes on with old numbers if curves have no new point. */
const quietMilliseconds = 200;

/** Sends a report. The memory of `given` goes along with it, rather than a copy. */
export type Post = (report: Report, given?: (Float32Array | Float64Array)[]) => void;

/**
 * Enough for what an analysis shows, few enough not to be waited for: all that the losses are measured on, unless the
 * model is large or the sequences are long.
 */
function sequencesToAnalyse(configuration: Configuration): number {
  const setting = (key: string): number => numberSetting(configuration, key);
  const fewest = 80;
  const depths = setting('layers') + 1;
  const enough = Math.floor(300e6 / (depths * setting('width') * setting('sequence_length') ** 2));
  return Math.min(Math.max(enough, fewest), setting('evaluation_sequences'));
}

/**
 * One run: an experiment that trains in slices of time, is measured at fixed steps, and obeys between
 * slices. Constructing one throws, naming the field, when the engine refuses a setting.
 */
export class TrainingSession {
  private readonly experiment: Experiment;
  private readonly team: Team;
  private readonly configuration: Configuration;
  private referenceSearch: ReferenceSearch | undefined;
  private references: readonly Reference[] = [];
  private readonly otherReferences = new Map<string, Promise<readonly Reference[]>>();
  private step = 0;
  private learningRate: number | undefined;

  /** The run trains while its step is below this. */
  private target = 0;
  private playing = false;
  private training = false;
  private whenPaused: (() => void)[] = [];

  /** A step is under way, and these wait for its end. */
  private stepping = false;
  private readonly afterStep: (() => void)[] = [];

  private reported = { time: 0, running: false };
  /** Measured since the last report. */
  private evaluations: Evaluation[] = [];
  private evaluatedStep = -1;
  /** The parameters that a run was opened with, until they are measured. */
  private unmeasured: Float32Array | undefined;

  constructor(
    private readonly engine: LoadedEngine,
    readonly request: RunRequest,
    private readonly post: Post,
  ) {
    const size = teamSize(request.workers);
    this.experiment = new engine.module.Experiment(request.preset, request.variant, request.overrides);
    this.configuration = this.experiment.config();
    this.team = new Team(engine.module, this.experiment, request, size);
  }

  /** Reports the run at step 0. Its losses follow after the first step, which a visitor should not wait for. */
  open(): void {
    this.announce();
    this.unmeasured = this.experiment.parameters();
    this.report(this.headWeights());
    void nextTask().then(() => {
      this.measureStart();
    });
    this.referenceSearch = this.searchReferences();
  }

  play(): Promise<void> {
    return this.betweenSteps(() => {
      const steps = numberSetting(this.configuration, 'steps');
      this.target = (Math.floor(this.step / steps) + 1) * steps;
      this.playing = true;
      this.train();
    });
  }

  pause(): Promise<void> {
    return this.betweenSteps(() => {
      this.stop();
    });
  }

  /** Steps asked for one by one add up. Resolves when training pauses. */
  stepBy(count: number): Promise<void> {
    return this.betweenSteps(() => {
      this.target = (this.playing ? this.step : this.target) + count;
      this.playing = false;
      this.train();
      return new Promise((resolve) => this.whenPaused.push(resolve));
    });
  }

  restart(): Promise<void> {
    return this.betweenSteps(() => {
      this.stop();
      this.experiment.restart();
      this.team.scatter();
      this.step = 0;
      this.learningRate = undefined;
      this.evaluatedStep = -1;
      this.announce();
      this.stopHere();
      this.post({ type: 'references', references: this.references });
    });
  }

  snapshot(): Promise<Snapshot> {
    const { overrides } = this.request;
    const sequences = String(sequencesToAnalyse(this.configuration));
    return this.betweenSteps(() => ({
      request: { ...this.request, overrides: { ...overrides, evaluation_sequences: sequences } },
      step: this.step,
      parameters: this.experiment.parameters(),
    }));
  }

  close(): Promise<void> {
    return this.betweenSteps(() => {
      this.stop();
      this.unmeasured = undefined;
      this.referenceSearch?.cancel();
      this.team.dismiss();
      this.experiment.delete();
    });
  }

  private announce(): void {
    this.post({
      type: 'opened',
      engine: this.engine.name,
      presets: this.engine.module.presets(),
      configuration: this.configuration,
    });
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
    void search.found
      .then((references) => {
        this.references = references;
        this.post({ type: 'references', references });
      })
      // Two workers and a helper would get into each other's way on two cores.
      .finally(() => {
        this.team.recruit();
      });
    return search;
  }

  private isRunning(): boolean {
    return this.step < this.target;
  }

  /** Calls `action` now or, in the order of asking, when the step that is under way has ended. */
  private betweenSteps<Result>(action: () => Result | Promise<Result>): Promise<Result> {
    return new Promise((resolve) => {
      const act = () => {
        resolve(action());
      };
      if (this.stepping) this.afterStep.push(act);
      else act();
    });
  }

  /** Trains for as long as the run has steps to go, unless it does so already. */
  private train(): void {
    if (this.training) return;
    this.training = true;
    this.trainSlices()
      .catch(reportError) // an error of this worker's, which the page hears of; a promise's rejection it would not
      .finally(() => {
        this.training = false;
      });
  }

  private async trainSlices(): Promise<void> {
    while (this.isRunning()) {
      const end = performance.now() + (this.unmeasured ? 0 : sliceMilliseconds);
      do await this.takeStep();
      while (this.isRunning() && performance.now() < end);
      if (this.isRunning() && this.hasNews()) this.report();
      await nextTask();
    }
  }

  private hasNews(): boolean {
    const { time, running } = this.reported;
    return this.evaluations.length > 0 || !running || performance.now() - time > quietMilliseconds;
  }

  private async takeStep(): Promise<void> {
    this.stepping = true;
    const { step, learningRate, stopped } = await this.team.step();
    this.step = step;
    this.learningRate = learningRate;
    const due = step % numberSetting(this.configuration, 'evaluation_interval') === 0;
    if (stopped === '' && due) this.keep(await this.team.evaluate());
    this.stepping = false;
    if (stopped !== '' || !this.isRunning()) this.stopHere();
    if (stopped !== '') this.post({ type: 'problem', problem: { kind: 'diverged', message: stopped } });
    for (const act of this.afterStep.splice(0)) act();
  }

  private stop(): void {
    if (this.isRunning()) this.stopHere();
  }

  /** Pauses, with the losses and weights of the very step it pauses at. */
  private stopHere(): void {
    this.target = this.step;
    this.playing = false;
    this.measureStart();
    if (this.evaluatedStep !== this.step) this.keep(this.experiment.evaluate(this.experiment.parameters()));
    this.report();
    for (const resolve of this.whenPaused.splice(0)) resolve();
  }

  private measureStart(): void {
    if (!this.unmeasured) return;
    const score = this.experiment.evaluate(this.unmeasured);
    this.unmeasured = undefined;
    this.evaluations.push({ step: 0, ...score });
    if (this.step === 0) this.evaluatedStep = 0;
    this.report([]);
  }

  private keep(score: Score): void {
    this.measureStart();
    this.evaluatedStep = this.step;
    this.evaluations.push({ step: this.step, ...score });
  }

  private report(weights = this.evaluations.length > 0 ? this.headWeights() : []): void {
    const evaluations = this.evaluations.splice(0);
    const running = this.isRunning();
    this.reported = { time: performance.now(), running };
    this.post(
      {
        type: 'progress',
        step: this.step,
        running,
        workers: this.team.size,
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
