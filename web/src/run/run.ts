import { signal, type ReadonlySignal } from '@preact/signals';
import type { CommandName, Commands, Outcome, RunEvent, RunId } from '../protocol/commands';
import { ProblemError, problemOf, type Problem } from '../protocol/problem';
import type { Evaluation, Reference, ReferenceChoice, Snapshot } from '../protocol/results';
import type { RunSpec } from '../protocol/run-spec';
import { buffersOf, type TrainingState } from '../protocol/training-state';
import type { RunDemand } from './allocation';
import { disposed, type EnginePool, type Participant } from './engine-pool';
import { RunState } from './run-state';
import type { WorkerLink } from './worker-link';

/** Enough held-out sequences for a smooth curve, few enough to measure many times a second. */
const evaluationDefaults = { evaluation_sequences: '1024', evaluation_interval: '20' };

/** Kinds that train something, which takes longer than a visitor should wait for the others. */
export interface AnalysisOptions {
  /** Of those analyses that train something; as many as they need unless given. */
  readonly updates?: number | undefined;
  /** It takes minutes rather than seconds: others do not wait for it. */
  readonly long?: boolean;
  /** Cancels the analysis. */
  readonly signal?: AbortSignal | undefined;
  /** Called now and then with the share of the work that is done. */
  readonly onProgress?: ((share: number) => void) | undefined;
}

export interface Analysis {
  readonly kind: string;
  /** The step of the run that it looked at. */
  readonly step: number;
  readonly result: unknown;
}

/** The state has changed. `evaluations` are those that came with the change. */
export interface RunNews {
  readonly run: RunId;
  readonly evaluations: readonly Evaluation[];
}

/** Who set the run playing: what nobody asked for does not go on in a hidden tab. */
export type Player = 'visitor' | 'page';

type Unsettled = Extract<CommandName, 'pause' | 'step' | 'restart'>;

/** An order that waits for an engine. */
interface Order {
  readonly name: CommandName;
  readonly carryOut: (link: WorkerLink) => void;
  /** For an order that was carried out otherwise. */
  readonly resolve: (answer: undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One run, wherever it is computed. It has an engine of the pool's while it has something to do and is in sight;
 * otherwise it is parked, and goes on later with the same bits.
 */
export class Run implements Participant {
  readonly state = new RunState();

  private readonly specification;
  private link: WorkerLink | undefined;
  private opened = false;
  /** Each opening has a number, and what belongs to an earlier one is void. */
  private openings = 0;
  /** How often the run began anew, under the same or another spec. */
  private attempts = 0;
  /** Where the run was parked; undefined at its start. */
  private parked: TrainingState | undefined;
  /** Steps that it was asked for one by one and had not done when it was parked. */
  private stepsLeft = 0;
  private orders: Order[] = [];
  private unsettled = 0;

  private player: Player = 'page';
  private visible = true;
  private since = 0;
  private closed = false;
  private referenceSearch: AbortController | undefined;
  private readonly measured = new Map<string, Promise<Reference>>();
  private readonly listeners = new Set<(news: RunNews) => void>();
  private readonly followVisibility = (): void => {
    this.pool.changed();
  };

  constructor(
    private readonly pool: EnginePool,
    spec: RunSpec,
    readonly id: RunId,
  ) {
    this.specification = signal(spec);
    pool.enter(this);
    document.addEventListener('visibilitychange', this.followVisibility);
  }

  /** As it was asked for; the engine adds what the preset says. */
  get request(): ReadonlySignal<RunSpec> {
    return this.specification;
  }

  /** With what the page measures where nothing else is asked for. */
  get spec(): RunSpec {
    const spec = this.specification.peek();
    return { ...spec, settings: { ...evaluationDefaults, ...spec.settings } };
  }

  /** Trains to the end of the run; from the end, for as long again. */
  async play(player: Player = 'visitor'): Promise<void> {
    this.player = player;
    const problem = this.state.problem.peek();
    if (isFinal(problem)) throw new ProblemError(problem);
    this.state.problem.value = undefined;
    this.state.playing.value = true;
    // One is enough: a short run could be at its end before the second, and would go on from there.
    this.supersede((name) => name === 'play');
    await this.order('play').catch(ignoreSuperseded);
  }

  /** Resolves when the losses of the step it pauses at are measured. */
  async pause(): Promise<void> {
    this.state.playing.value = false;
    this.supersede();
    await this.settle('pause', () => ({}));
  }

  /** Trains `count` more steps, then pauses. Steps asked for one by one add up. Resolves when they are done. */
  async step(count = 1): Promise<void> {
    this.state.playing.value = false;
    let asked = false;
    await this.settle('step', () => {
      const given = asked ? this.stepsLeft : count;
      if (asked) this.stepsLeft = 0;
      asked = true;
      return { count: given };
    });
  }

  /** Back to step 0, paused there: the same run, or the same under another seed. */
  async reset(seed?: number): Promise<void> {
    this.state.playing.value = false;
    if (seed !== undefined) {
      const { settings, ...rest } = this.specification.peek();
      this.follow({ ...rest, settings: { ...settings, seed: String(seed) } });
      await this.settle('pause', () => ({}));
      return;
    }
    this.supersede();
    await this.settle('restart', () => ({}));
  }

  /** Starts over for someone who watches: it trains again unless it was paused. */
  async restart(seed?: number): Promise<void> {
    const goesOn = this.state.playing.peek() || this.state.phase.peek() === 'finished';
    const reset = this.reset(seed);
    if (goesOn) void this.play().catch(() => undefined);
    await reset;
  }

  /** Another run takes the place of this one, whatever has become of it, and trains. */
  open(spec: RunSpec, player: Player = 'visitor'): void {
    this.follow(spec);
    void this.play(player).catch(() => undefined);
  }

  /** The same run once more, from its start: the way on when a worker was lost or something did not arrive. */
  retry(): void {
    this.open(this.specification.peek());
  }

  /** If the run has lost its engine, or did not get one: it is at its start again, and can be told what to do. */
  revive(): void {
    const kind = this.state.problem.peek()?.kind;
    if (kind === 'lost' || kind === 'unavailable') this.follow(this.specification.peek());
  }

  retryReferences(): void {
    this.searchReferences();
  }

  /** The run as it is when it comes to this order. */
  snapshot(): Promise<Snapshot> {
    return this.order('snapshot');
  }

  /** Tunes and measures any reference algorithm on the run's sequences, once. */
  reference(choice: ReferenceChoice): Promise<Reference> {
    const key = JSON.stringify([this.spec, choice]);
    const found =
      this.measured.get(key) ??
      this.pool.task('references', this.id, { spec: this.spec, choice }).then(([reference]) => {
        if (!reference) throw new Error('the worker sent no reference');
        return reference;
      });
    this.measured.set(key, found);
    found.catch(() => this.measured.delete(key));
    return found;
  }

  /** Takes the model apart as it is now, while training goes on. */
  async analyze(
    kind: string,
    { updates = 0, long = false, signal: cancelled, onProgress }: AnalysisOptions = {},
  ): Promise<Analysis> {
    cancelled?.throwIfAborted();
    const snapshot = await this.snapshot();
    const order = { kind, snapshot, updates };
    const result = await this.pool.task('analyze', this.id, order, {
      long,
      signal: cancelled,
      onShare: onProgress,
    });
    return { kind, step: snapshot.step, result };
  }

  /** What is out of sight is parked. */
  setVisible(visible: boolean): void {
    this.visible = visible;
    this.pool.changed();
  }

  /** The visitor works with this run: it goes before the others from now on. */
  setInUse(): void {
    this.pool.use(this.id);
  }

  /** Calls `listener` whenever the state has changed, until the returned function is called. */
  onNews(listener: (news: RunNews) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  /** Resolves when nothing of the run is left. */
  async dispose(): Promise<void> {
    this.closed = true;
    document.removeEventListener('visibilitychange', this.followVisibility);
    this.referenceSearch?.abort(disposed());
    this.fail(disposed());
    await this.pool.leave(this);
    this.listeners.clear();
  }

  demand(): Omit<RunDemand, 'id' | 'seated' | 'helped'> {
    const { playing, problem } = this.state;
    const shown = this.visible && !(document.hidden && this.player === 'page');
    const asked = this.orders.length > 0 || this.unsettled > 0;
    const { workers } = this.specification.peek();
    return {
      busy: (asked || (playing.peek() && shown)) && !isFinal(problem.peek()),
      idle: !asked && !playing.peek(),
      inUse: this.pool.isInUse(this.id),
      since: this.since,
      // Whoever comes to help before the engine has opened the run is turned away.
      helpers: this.opened ? (workers === 'auto' ? this.pool.cores : workers) - 1 : 0,
    };
  }

  yieldTurn(): void {
    this.since = performance.now();
  }

  seat(link: WorkerLink): void {
    this.link = link;
    this.state.seat.value = 'live';
    void this.openAt(link);
  }

  async unseat(): Promise<void> {
    const { link } = this;
    this.link = undefined;
    const wasOpened = this.opened;
    this.opened = false;
    this.openings += 1;
    this.state.stop();
    try {
      if (!link || !wasOpened) return;
      const { state, stepsLeft } = await link.send('park', this.id, {});
      this.parked = state;
      this.stepsLeft = stepsLeft;
      this.state.step.value = state.step;
    } catch (error) {
      // The worker was lost while it was asked: the run goes on from where it was parked before.
      if (!(error instanceof ProblemError)) throw error;
    } finally {
      // Not before its last step is known.
      this.state.seat.value = this.state.playing.peek() ? 'parked' : 'none';
    }
    this.tell([]);
  }

  hear(event: RunEvent): void {
    if (!this.opened) return;
    this.state.hear(event);
    if (event.type === 'diverged') this.diverge(event.reason, event.step);
    else if (event.type === 'failed') {
      this.lose(event.problem);
      this.pool.giveBack(this.id, event.problem);
    } else if (event.type === 'progress') {
      // An order that is under way knows better than an event that it crossed.
      const ended = event.step >= this.state.end.peek();
      if (this.unsettled === 0 && (event.running || ended)) this.state.playing.value = event.running;
      this.tell(event.evaluations);
    }
  }

  lose(problem: Problem): void {
    this.link = undefined;
    this.opened = false;
    this.openings += 1;
    this.state.seat.value = 'none';
    this.state.stop();
    this.stopFor(problem);
  }

  private tell(evaluations: readonly Evaluation[]): void {
    const news = { run: this.id, evaluations };
    for (const listener of this.listeners) listener(news);
  }

  /** Everything that belongs to the former spec is void. */
  private follow(spec: RunSpec): void {
    this.attempts += 1;
    this.specification.value = spec;
    this.parked = undefined;
    this.stepsLeft = 0;
    this.state.problem.value = undefined;
    this.referenceSearch?.abort();
    this.referenceSearch = undefined;
    this.measured.clear();
    this.opened = false;
    this.supersede();
    this.pool.dropHelpers(this.id);
    if (this.link) void this.openAt(this.link);
    this.pool.changed();
  }

  /** Orders that nobody has carried out yet have a newer one in their place. */
  private supersede(isVoid = (name: CommandName): boolean => name !== 'snapshot'): void {
    const { orders } = this;
    this.orders = orders.filter(({ name }) => !isVoid(name));
    for (const { name, reject } of orders) if (isVoid(name)) reject(new SupersededError());
  }

  private async openAt(link: WorkerLink): Promise<void> {
    this.openings += 1;
    const { openings, parked } = this;
    // The state stays here too, until another one is taken.
    const state = parked && structuredClone(parked);
    const plays = this.takePlays();
    const playing = plays !== undefined;
    try {
      const opened = await link.send(
        'open',
        this.id,
        { spec: this.spec, state, playing },
        { given: state ? buffersOf(state) : [] },
      );
      for (const { resolve } of plays ?? []) resolve(undefined);
      if (openings !== this.openings) return;
      const anew = !parked;
      this.opened = true;
      this.state.open(opened, anew);
      this.tell([]);
      this.flush(link, playing);
      this.pool.changed();
      if (anew) this.state.references.value = [];
      if (!this.referenceSearch) this.searchReferences();
    } catch (error) {
      const isSuperseded = openings !== this.openings && !isFinal(this.state.problem.peek());
      for (const { reject } of plays ?? []) reject(isSuperseded ? new SupersededError() : error);
      if (openings !== this.openings) return;
      this.state.configuration.value = undefined;
      this.state.forget();
      this.link = undefined;
      this.state.seat.value = 'none';
      const problem = problemOf(error);
      this.stopFor(problem);
      this.pool.giveBack(this.id, problem.kind === 'configuration' ? undefined : problem);
    }
  }

  /** The orders to play, if the run is to play and was told nothing else: then it plays from the moment it is open. */
  private takePlays(): Order[] | undefined {
    const { orders } = this;
    const plays = orders.filter(({ name }) => name === 'play');
    const others = orders.filter(({ name }) => name !== 'play');
    if (!this.state.playing.peek() || others.some(({ name }) => name !== 'snapshot')) return undefined;
    this.orders = others;
    return plays;
  }

  private flush(link: WorkerLink, playing: boolean): void {
    const orders = this.orders.splice(0);
    // What a parked run was doing goes on before what it was told since.
    const isTold = playing || orders.some(({ name }) => name === 'play');
    if (this.state.playing.peek() && !isTold) link.send('play', this.id, {}).catch(() => undefined);
    for (const { carryOut } of orders) carryOut(link);
  }

  private diverge(reason: 'not_finite' | 'astray', step: number): void {
    const rate = this.state.configuration.peek()?.learning_rate;
    this.stopFor({
      kind: 'diverged',
      code: reason,
      parameters: { step, ...(typeof rate === 'number' && { learningRate: rate }) },
      message: `training went astray after step ${step}: ${reason === 'astray' ? 'the loss stayed far above that of predicting zero' : 'the loss stopped being finite'}; the state of that step is kept`,
    });
  }

  /** The run cannot go on by itself. */
  private stopFor(problem: Problem): void {
    this.state.problem.value = problem;
    this.state.playing.value = false;
    if (problem.kind !== 'diverged') this.fail(new ProblemError(problem));
    this.tell([]);
    this.pool.changed();
  }

  private fail(error: Error): void {
    for (const { reject } of this.orders.splice(0)) reject(error);
  }

  /** Has the engine carry out `name` now, or as soon as the run has one. */
  private order<Name extends CommandName>(
    name: Name,
    order: () => Commands[Name]['order'] = () => ({}) as Commands[Name]['order'],
  ): Promise<Commands[Name]['answer']> {
    const problem = this.state.problem.peek();
    if (this.closed) return Promise.reject(disposed());
    if (isFinal(problem)) return Promise.reject(new ProblemError(problem));
    return new Promise((resolve, reject) => {
      const carryOut = (link: WorkerLink): void => {
        link.send(name, this.id, order()).then(resolve, reject);
      };
      if (this.link && this.opened) carryOut(this.link);
      else {
        this.orders.push({ name, carryOut, resolve: resolve as Order['resolve'], reject });
        if (this.state.seat.peek() === 'none') this.state.seat.value = 'waiting';
      }
      this.pool.changed();
    });
  }

  /** An order that ends when the run is paused and measured, also if it is parked on the way. */
  private async settle<Name extends Unsettled>(
    name: Name,
    order: () => Commands[Name]['order'],
  ): Promise<void> {
    const { attempts } = this;
    this.unsettled += 1;
    try {
      let outcome: Outcome;
      do outcome = await this.order(name, order);
      while (outcome === 'parked' && attempts === this.attempts && !this.closed);
    } catch (error) {
      ignoreSuperseded(error);
    } finally {
      this.unsettled -= 1;
      this.pool.changed();
    }
  }

  /** References are measured once for a spec, beside the training. */
  private searchReferences(): void {
    this.referenceSearch?.abort();
    const search = new AbortController();
    this.referenceSearch = search;
    this.state.referenceProblem.value = undefined;
    this.pool
      .task('references', this.id, { spec: this.spec, choice: undefined }, { signal: search.signal })
      .then(
        (references) => {
          this.state.references.value = references;
          this.tell([]);
        },
        (error: unknown) => {
          if (search.signal.aborted) return;
          this.state.referenceProblem.value = problemOf(error);
          this.tell([]);
        },
      );
  }
}

/** A newer order took the place of one that had not begun. */
class SupersededError extends Error {
  override readonly name = 'AbortError';
}

function ignoreSuperseded(error: unknown): void {
  if (!(error instanceof SupersededError)) throw error;
}

/** A run with such a problem carries out nothing until it is opened again. */
const isFinal = (problem: Problem | undefined): problem is Problem =>
  problem !== undefined && problem.kind !== 'diverged';
