import { signal, type Signal } from '@preact/signals';
import type { Analyses, Analysis, AnalysisOptions } from '../analysis/analyses';
import type { AnalysisKind } from '../analysis/results';
import type { Answer, Command, Envelope, Report, RunRequest, Snapshot } from '../worker/messages';
import { formatAddress, type Address } from './address';
import { RunState } from './run-state';

/** Enough held-out sequences for a smooth curve, few enough to measure many times a second. */
const evaluationDefaults = { evaluation_sequences: '1024', evaluation_interval: '20' };

interface PendingCall {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/** For calls whose failure is on the page already, as the run's problem. */
const ignore = (): void => undefined;

/** The page's end of the training worker: sends commands and keeps the state that comes back. */
export class Laboratory {
  readonly run = new RunState();
  readonly request: Signal<RunRequest>;
  /** What of the model is taken apart; empty for the first view there is. */
  readonly view: Signal<string>;

  private analyses: Promise<Analyses> | undefined;
  private worker: Worker;
  private calls = 0;
  private readonly pending = new Map<number, PendingCall>();
  private readonly listeners: (() => void)[] = [];

  constructor({ request, view }: Address) {
    this.request = signal(request);
    this.view = signal(view);
    this.worker = this.startWorker();
    this.train();
  }

  /** Calls `listener` whenever the run's state has changed. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  show(view: string): void {
    this.view.value = view;
    this.writeAddress();
  }

  /** Opens a run and trains it. */
  open(request: RunRequest): void {
    this.follow(request);
    this.train();
  }

  /** Opens the run again, in a new worker: the way back after a crash. */
  startAgain(): void {
    this.worker.terminate();
    this.worker = this.startWorker();
    this.train();
  }

  /** Back to step 0, paused there; under another seed if one is given. */
  async reset(seed?: number): Promise<void> {
    await this.ask({ type: 'reset', seed });
    if (seed === undefined) return;
    const { overrides, ...rest } = this.request.value;
    this.follow({ ...rest, overrides: { ...overrides, seed: String(seed) } });
  }

  /** Starts the run over for someone who watches: it trains again unless it was paused. */
  restart(seed?: number): void {
    const paused = this.run.phase.value === 'paused';
    this.reset(seed).catch(ignore);
    if (!paused) this.tell({ type: 'play' });
  }

  /** Resolves when the worker has carried the command out; rejects if it could not. */
  ask(command: Command): Promise<Answer> {
    const problem = this.run.problem.value;
    if (problem?.kind === 'crashed') return Promise.reject(new Error(problem.message));
    this.calls += 1;
    const envelope: Envelope = { call: this.calls, command };
    this.worker.postMessage(envelope);
    return new Promise((resolve, reject) => {
      this.pending.set(envelope.call, { resolve, reject });
    });
  }

  /** Like `ask`, for the page's own controls. */
  tell(command: Command): void {
    this.ask(command).catch(ignore);
  }

  /** The run as it is when it comes to this command. */
  async snapshot(): Promise<Snapshot> {
    const { snapshot } = await this.ask({ type: 'snapshot' });
    if (!snapshot) throw new Error('the worker sent no snapshot');
    return snapshot;
  }

  /** Takes the model apart as it is now. What that needs is loaded the first time. */
  async analyze<Kind extends AnalysisKind>(
    kind: Kind,
    options: AnalysisOptions = {},
  ): Promise<Analysis<Kind>> {
    this.analyses ??= import('../analysis/analyses').then(({ Analyses }) => new Analyses());
    const [snapshot, analyses] = await Promise.all([this.snapshot(), this.analyses]);
    return analyses.analyze(kind, snapshot, options);
  }

  private follow(request: RunRequest): void {
    this.request.value = request;
    this.writeAddress();
  }

  /** The page's address says what it shows, so that it can be shared. */
  private writeAddress(): void {
    const query = formatAddress({ request: this.request.value, view: this.view.value });
    history.replaceState(null, '', query || location.pathname);
  }

  private train(): void {
    this.run.problem.value = undefined;
    const { overrides, ...rest } = this.request.value;
    const request = { ...rest, overrides: { ...evaluationDefaults, ...overrides } };
    this.tell({ type: 'open', request });
    this.tell({ type: 'play' });
  }

  private startWorker(): Worker {
    const worker = new Worker(new URL('../worker/training-worker.ts', import.meta.url), {
      type: 'module',
    });
    worker.onmessage = ({ data }: MessageEvent<Report>) => {
      if (data.type === 'answer') {
        const call = this.pending.get(data.call);
        this.pending.delete(data.call);
        if (data.error === undefined) call?.resolve(data.answer ?? {});
        else call?.reject(new Error(data.error));
      } else {
        this.run.apply(data);
        for (const listener of this.listeners) listener();
      }
    };
    worker.onerror = (event) => {
      this.giveUp(event.message);
    };
    return worker;
  }

  /** The worker has failed: what it showed so far stays on the page. */
  private giveUp(reason: string): void {
    const message = `The training worker stopped: ${reason || 'it could not be loaded'}.`;
    this.run.apply({ type: 'problem', problem: { kind: 'crashed', message } });
    for (const call of this.pending.values()) call.reject(new Error(message));
    this.pending.clear();
  }
}
