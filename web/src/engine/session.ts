import { numberSetting, type Configuration, type RunSpec } from '../protocol/run-spec';
import type { Opened, Outcome, Parked, RunEvent, RunId } from '../protocol/commands';
import { problemOf } from '../protocol/problem';
import type { Evaluation, HeadWeights, Snapshot } from '../protocol/results';
import type { TrainingState } from '../protocol/training-state';
import { refusalOf } from './engine-problem';
import { Crew } from './crew';
import type { Experiment, LoadedEngine } from './modules';
import { nextTask } from './next-task';
import { Team } from './team';

/** How long training goes on before the worker looks at its messages. */
const sliceMilliseconds = 50;
/** Drawing takes processor time from training. The page hears of new points of its curves 15 times a second, */
const newsMilliseconds = 66;
/** and goes on with old numbers so long if there is none. */
const quietMilliseconds = 200;

/** Sends an event. The memory of `given` goes along with it, rather than a copy. */
export type Post = (event: RunEvent, given?: ArrayBuffer[]) => void;

/**
 * One run: an experiment that trains in slices of time, is measured at fixed steps, and obeys between slices. What is
 * asked of it sets where it should stand; one loop takes it there, so that newer orders replace older ones at once.
 * Constructing one throws when the engine refuses a setting.
 */
export class Session {
  readonly team: Team;
  private readonly experiment: Experiment;
  private readonly configuration: Configuration;
  private learningRate: number | undefined;

  /** The run trains while its step is below this. */
  private target: number;
  private playing = false;
  private closed = false;
  /** Another one makes what is under way void. */
  private life = 0;

  /** The weights of the start, until they are measured: a visitor should not wait for that before the first step. */
  private unmeasuredStart: Float32Array | undefined;
  private measuredStep = -1;
  private evaluations: Evaluation[] = [];
  private reported = { time: -Infinity, running: false };

  private wake: () => void = () => undefined;
  /** Those who wait until the run pauses and is measured, or until that is no longer wanted. */
  private whenSettled: ((outcome: Outcome) => void)[] = [];

  constructor(
    private readonly engine: LoadedEngine,
    private readonly spec: RunSpec,
    private readonly run: RunId,
    state: TrainingState | undefined,
    private readonly post: Post,
  ) {
    this.experiment = new engine.module.Experiment(spec.preset, spec.variant, spec.settings);
    if (state) this.experiment.setTrainingState(state);
    else this.unmeasuredStart = this.experiment.parameters();
    this.configuration = this.experiment.config();
    // A number of workers that somebody asks for, as tests do, is kept to.
    this.team = new Team(engine, this.experiment, spec.workers === 'auto' ? new Crew() : undefined);
    this.target = this.step;
    this.live().catch((error: unknown) => {
      if (this.closed) reportError(error);
      else this.post({ type: 'failed', run, problem: refusalOf(error) ?? problemOf(error) });
    });
  }

  opened(): Opened {
    return {
      engine: this.engine.name,
      configuration: this.configuration,
      misfits: this.experiment.misfits(),
      step: this.step,
      weights: this.headWeights(),
    };
  }

  play(): void {
    const steps = numberSetting(this.configuration, 'steps');
    this.playing = true;
    this.moveTarget((Math.floor(this.step / steps) + 1) * steps);
  }

  pause(): Promise<Outcome> {
    this.playing = false;
    this.moveTarget(this.step);
    return this.settled();
  }

  stepBy(count: number): Promise<Outcome> {
    const from = this.playing ? this.step : this.target;
    this.playing = false;
    this.target = from + count;
    this.wake();
    return this.settled();
  }

  restart(): Promise<Outcome> {
    this.playing = false;
    this.life += 1;
    this.experiment.restart();
    this.team.forget();
    this.unmeasuredStart = this.experiment.parameters();
    this.measuredStep = -1;
    this.evaluations = [];
    this.learningRate = undefined;
    this.moveTarget(0);
    this.post({ type: 'restarted', run: this.run });
    this.report(this.headWeights());
    return this.settled();
  }

  snapshot(): Snapshot {
    const sequences = String(sequencesToAnalyse(this.configuration));
    const settings = { ...this.spec.settings, evaluation_sequences: sequences };
    return {
      spec: { ...this.spec, settings },
      step: this.step,
      parameters: this.experiment.parameters(),
    };
  }

  /** The run can go on from what this returns. The session is over. */
  park(): Parked {
    const state = this.experiment.trainingState();
    const stepsLeft = this.playing ? 0 : Math.max(0, this.target - this.step);
    this.close();
    return { state, stepsLeft };
  }

  close(): void {
    this.closed = true;
    this.life += 1;
    this.team.close();
    this.experiment.delete();
    this.letGo('parked');
    this.wake();
  }

  private get step(): number {
    return this.experiment.step();
  }

  private isTraining(): boolean {
    return this.step < this.target;
  }

  private moveTarget(target: number): void {
    this.target = target;
    this.letGo('superseded');
    this.wake();
    if (this.isTraining()) this.reportChange();
  }

  private settled(): Promise<Outcome> {
    return new Promise((resolve) => {
      this.whenSettled.push(resolve);
      this.wake();
    });
  }

  private letGo(outcome: Outcome): void {
    for (const resolve of this.whenSettled.splice(0)) resolve(outcome);
  }

  private async live(): Promise<void> {
    let sliceEnd = 0;
    while (!this.closed) {
      if (performance.now() > sliceEnd) {
        await nextTask();
        sliceEnd = performance.now() + sliceMilliseconds;
      } else if (this.isTraining()) {
        await this.takeStep();
      } else if (this.measuredStep !== this.step || this.unmeasuredStart) {
        await this.measure();
      } else {
        // What was measured on the way may not have been told.
        if (this.evaluations.length > 0) this.report();
        else this.reportChange();
        this.letGo('done');
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
    }
  }

  private async takeStep(): Promise<void> {
    const { life } = this;
    const interrupted = (): boolean => this.life !== life || !this.isTraining();
    if (!(await this.team.sum(interrupted, this.comesAfterStep())) || this.life !== life) return;
    const { step, learningRate, stopped } = this.experiment.finishStep();
    this.learningRate = learningRate;
    if (stopped !== '') {
      this.diverge(stopped);
      return;
    }
    if (!this.isTraining()) {
      this.playing = false;
      return;
    }
    if (this.unmeasuredStart) this.report();
    const atStart = this.unmeasuredStart !== undefined;
    if (atStart || this.isMeasuredAt(step)) await this.measure();
    if (this.life === life) this.reportNews(atStart ? 0 : newsMilliseconds);
  }

  /** What the team does after the step that is under way, if nobody asks for anything else. */
  private comesAfterStep(): ('evaluate' | 'sum')[] {
    const step = this.step + 1;
    if (step >= this.target || this.unmeasuredStart) return [];
    return this.isMeasuredAt(step) ? ['evaluate', 'sum'] : ['sum'];
  }

  private isMeasuredAt(step: number): boolean {
    return step % numberSetting(this.configuration, 'evaluation_interval') === 0;
  }

  /** The state is the last good one again. */
  private diverge(reason: 'not_finite' | 'astray'): void {
    this.team.forget();
    this.playing = false;
    this.target = this.step;
    this.measuredStep = -1;
    this.post({ type: 'diverged', run: this.run, step: this.step, reason });
    this.report();
  }

  /** Measures the losses of the start, if that was not done, and of the step where the run stands, if that is due. */
  private async measure(): Promise<void> {
    const { life } = this;
    if (this.unmeasuredStart) await this.measureAt(0, this.unmeasuredStart);
    if (this.life !== life) return;
    const { step } = this;
    const due = this.isMeasuredAt(step) || !this.isTraining();
    if (due && this.measuredStep !== step) await this.measureAt(step);
  }

  /** The model of this step, which has these parameters unless it is the one that trains. */
  private async measureAt(step: number, parameters?: Float32Array): Promise<void> {
    const { life } = this;
    const interrupted = (): boolean => {
      if (this.life !== life) return true;
      // What takes long is not kept from whoever looks at the button.
      this.reportChange();
      return false;
    };
    const score = await this.team.evaluate(interrupted, parameters);
    if (this.life !== life || !score) return;
    if (step === 0) this.unmeasuredStart = undefined;
    this.measuredStep = step;
    if (score.curve.every(Number.isFinite)) this.evaluations.push({ step, ...score });
  }

  /** News that are `milliseconds` late by now; without any, a word now and then. */
  private reportNews(milliseconds: number): void {
    const due = this.evaluations.length > 0 ? milliseconds : quietMilliseconds;
    if (performance.now() - this.reported.time >= due) this.report();
    else this.reportChange();
  }

  private reportChange(): void {
    if (this.reported.running !== this.isTraining()) this.report();
  }

  private report(weights = this.evaluations.length > 0 ? this.headWeights() : []): void {
    const evaluations = this.evaluations.splice(0);
    const running = this.isTraining();
    this.reported = { time: performance.now(), running };
    this.post(
      {
        type: 'progress',
        run: this.run,
        step: this.step,
        running,
        workers: this.team.size,
        learningRate: this.learningRate,
        evaluations,
        weights,
      },
      [
        ...evaluations.map(({ curve }) => curve.buffer as ArrayBuffer),
        ...weights.flatMap(({ queryKey, valueOutput }) => [
          queryKey.buffer as ArrayBuffer,
          valueOutput.buffer as ArrayBuffer,
        ]),
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
