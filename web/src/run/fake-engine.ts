import type { CommandMessage, RunEvent } from '../protocol/commands';
import type { Problem } from '../protocol/problem';
import type { WorkerLike } from './worker-link';

/** So many steps a fake run does at each turn of its loop. */
const stepsPerTurn = 5;

/** A worker that only pretends to compute: a run's steps go by as time does. For tests. */
export class FakeWorker implements WorkerLike {
  onmessage: WorkerLike['onmessage'] = null;
  onerror: WorkerLike['onerror'] = null;
  /** What the worker does now. */
  use: 'nothing' | 'training' | 'assisting' | 'task' = 'nothing';
  /** Names of the commands it was given, in order. */
  readonly heard: string[] = [];
  terminated = false;
  step = 0;
  steps = 100;
  helpers = 0;
  private target = 0;
  private loop: ReturnType<typeof setInterval> | undefined;
  private settle: (() => void)[] = [];

  constructor(private readonly refuse: (message: CommandMessage) => Problem | undefined) {}

  get training(): boolean {
    return this.use === 'training' && this.step < this.target;
  }

  postMessage(message: CommandMessage): void {
    this.heard.push(message.name);
    queueMicrotask(() => {
      const problem = this.refuse(message);
      if (problem) this.say({ type: 'refusal', call: message.call, problem });
      else this.obey(message);
    });
  }

  terminate(): void {
    this.terminated = true;
    this.stop();
  }

  /** The worker's code throws. */
  crash(message: string): void {
    this.onerror?.({ message, preventDefault: () => undefined } as ErrorEvent);
  }

  private obey(message: CommandMessage): void {
    const answer = (content?: unknown): void => {
      this.say({ type: 'answer', call: message.call, answer: content });
    };
    switch (message.name) {
      case 'open':
        this.use = 'training';
        this.step = message.order.state?.step ?? 0;
        this.steps = Number(message.order.spec.settings.steps ?? 100);
        this.target = this.step;
        answer({
          engine: 'simd128',
          configuration: { steps: this.steps },
          misfits: [],
          step: this.step,
          weights: [],
        });
        if (message.order.playing) this.play(message.run);
        return;
      case 'play':
        this.play(message.run);
        answer();
        return;
      case 'step':
        this.target += message.order.count;
        this.start(message.run);
        this.settle.push(() => {
          answer('done');
        });
        return;
      case 'pause':
        this.target = this.step;
        this.progress(message.run);
        answer('done');
        return;
      case 'restart':
        this.step = 0;
        this.target = 0;
        this.emit({ type: 'restarted', run: message.run });
        this.progress(message.run);
        answer('done');
        return;
      case 'park':
        this.stop();
        answer({ state: stateAt(this.step), stepsLeft: 0 });
        return;
      case 'assist':
        this.use = 'assisting';
        answer();
        return;
      case 'rest':
        this.stop();
        answer();
        return;
      case 'join':
        this.helpers += 1;
        answer();
        return;
      case 'leave':
        this.helpers -= 1;
        answer();
        return;
      case 'references':
      case 'analyze':
        this.use = 'task';
        setTimeout(() => {
          this.use = 'nothing';
          answer([]);
        }, 50);
        return;
      case 'snapshot':
        answer({ spec: undefined, step: this.step, parameters: new Float32Array() });
        return;
      case 'ping':
        answer();
    }
  }

  private play(run: string): void {
    this.target = (Math.floor(this.step / this.steps) + 1) * this.steps;
    this.start(run);
  }

  private start(run: string): void {
    this.progress(run);
    clearInterval(this.loop);
    this.loop = setInterval(() => {
      if (this.step < this.target) this.step = Math.min(this.target, this.step + stepsPerTurn);
      this.progress(run);
      if (this.step < this.target) return;
      clearInterval(this.loop);
      for (const settled of this.settle.splice(0)) settled();
    }, 10);
  }

  private stop(): void {
    this.use = 'nothing';
    this.target = this.step;
    clearInterval(this.loop);
  }

  private progress(run: string): void {
    this.emit({
      type: 'progress',
      run,
      step: this.step,
      running: this.step < this.target,
      workers: 1,
      learningRate: 1,
      evaluations: [],
      weights: [],
    });
  }

  private emit(event: RunEvent): void {
    this.say(event);
  }

  private say(data: unknown): void {
    if (!this.terminated) this.onmessage?.({ data } as MessageEvent<never>);
  }
}

const stateAt = (step: number) => {
  const model = () => ({
    step,
    parameters: new Float32Array(1),
    firstMoment: new Float32Array(1),
    secondMoment: new Float32Array(1),
  });
  return { ...model(), lastGood: model(), badSteps: 0 };
};
