import type { CommandName, Commands, HelperId, RunEvent, RunId } from '../protocol/commands';
import { ProblemError, type Problem } from '../protocol/problem';
import type { RunSpec } from '../protocol/run-spec';
import { allocate, type Allocation, type RunDemand } from './allocation';
import { Backoff } from './backoff';
import { WorkerLink, type WorkerLike } from './worker-link';

/** A run as the pool sees it. */
export interface Participant {
  readonly id: RunId;
  readonly spec: RunSpec;
  /** What it would have of the pool now. It says `changed()` to the pool when that is something else. */
  demand(): Omit<RunDemand, 'id' | 'seated' | 'helped'>;
  /** An engine is its own until it gives it back. */
  seat(link: WorkerLink): void;
  /** Gives the engine back; resolves when it is free. */
  unseat(): Promise<void>;
  /** It had its turn: others who wait go before it. */
  yieldTurn(): void;
  hear(event: RunEvent): void;
  /** Its engine is gone. */
  lose(problem: Problem): void;
}

export interface TaskOptions {
  readonly long?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onShare?: ((share: number) => void) | undefined;
}

type TaskName = Extract<CommandName, 'references' | 'analyze'>;

interface Task {
  readonly id: number;
  readonly run: RunId;
  readonly long: boolean;
  readonly start: (link: WorkerLink) => Promise<void>;
  link: WorkerLink | undefined;
}

/** A participant and what it holds. */
interface Membership {
  readonly participant: Participant;
  link: WorkerLink | undefined;
  readonly helpers: Map<HelperId, WorkerLink>;
  leaving: boolean;
}

export interface PoolOptions {
  /**
   * How many workers compute at once; as many as the machine has cores, at least two, unless given. A run that is told
   * to have more has them.
   */
  readonly cores?: number | undefined;
  readonly createWorker?: () => WorkerLike;
}

/** More members would get too small a share of a step. */
const mostCores = 8;
/** How long a run goes on while others wait for its core. */
const turnMilliseconds = 4000;

const machineCores = (): number => Math.max(2, Math.min(mostCores, navigator.hardwareConcurrency || 1));

const createEngineWorker = (): WorkerLike =>
  new Worker(new URL('../engine/engine-worker.ts', import.meta.url), { type: 'module', name: 'engine' });

/**
 * All engine workers of a page. It has one budget of cores, which `allocate` shares among the runs that play, their
 * helpers, and what was asked about them.
 */
export class EnginePool {
  readonly cores: number;
  private readonly createWorker: () => WorkerLike;
  private readonly members = new Map<RunId, Membership>();
  private tasks: Task[] = [];
  private readonly free: WorkerLink[] = [];
  private readonly links = new Set<WorkerLink>();
  /** Runs go on without the helpers that do not arrive, or that throw. */
  private readonly helperLosses = new Backoff();
  private made = 0;
  private stirring = false;
  private clock: ReturnType<typeof setInterval> | undefined;
  private turnBegan = 0;
  private inUse: RunId | undefined;

  constructor({ cores = machineCores(), createWorker = createEngineWorker }: PoolOptions = {}) {
    this.cores = cores;
    this.createWorker = createWorker;
  }

  enter(participant: Participant): void {
    this.members.set(participant.id, { participant, link: undefined, helpers: new Map(), leaving: false });
    this.clock ??= setInterval(() => {
      this.tick();
    }, 1000);
  }

  /** The run is over: what it holds is free, and what was asked about it is cancelled. */
  async leave(participant: Participant): Promise<void> {
    const membership = this.members.get(participant.id);
    if (!membership) return;
    await this.vacate(membership);
    this.members.delete(participant.id);
    if (this.inUse === participant.id) this.inUse = undefined;
    this.changed();
    if (this.members.size === 0) this.rest();
  }

  /** A demand is another one now. */
  changed(): void {
    if (this.stirring) return;
    this.stirring = true;
    queueMicrotask(() => {
      this.stirring = false;
      this.apply(this.allocation());
    });
  }

  /** The run's settings are others: helpers with the old ones are of no use. */
  dropHelpers(run: RunId): void {
    const membership = this.members.get(run);
    if (membership) for (const helper of [...membership.helpers.keys()]) this.dropHelper(membership, helper);
  }

  /** The engine that the run was given is of no more use to it, nor to anybody else after some problems. */
  giveBack(run: RunId, problem?: Problem): void {
    const membership = this.members.get(run);
    if (!membership?.link) return;
    this.dropHelpers(run);
    // Memory that a module has taken it gives back only as its worker ends.
    if (problem?.kind === 'memory') for (const link of [...this.free]) this.discard(link);
    if (problem) this.discard(membership.link, problem);
    else this.release(membership.link);
    membership.link = undefined;
    this.changed();
  }

  /** The visitor works with this run: it goes before the others. */
  use(run: RunId): void {
    this.inUse = run;
    this.changed();
  }

  /** Until the visitor has chosen one, the first run is in use. */
  isInUse(run: RunId): boolean {
    return (this.inUse ?? this.members.keys().next().value) === run;
  }

  /** Has a worker measure references or take a snapshot apart, when it is that task's turn. */
  task<Name extends TaskName>(
    name: Name,
    run: RunId,
    order: Commands[Name]['order'],
    { long = false, signal, onShare }: TaskOptions = {},
  ): Promise<Commands[Name]['answer']> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      this.made += 1;
      const task: Task = {
        id: this.made,
        run,
        long,
        link: undefined,
        start: (link) => link.send(name, run, order, { onShare }).then(resolve, reject),
      };
      signal?.addEventListener('abort', () => {
        if (!this.tasks.includes(task)) return;
        // A worker that computes hears nothing: it goes, and the next task has another.
        if (task.link) this.discard(task.link);
        this.finish(task);
        reject(signal.reason as Error);
      });
      this.tasks.push(task);
      this.changed();
    });
  }

  private finish(task: Task): void {
    this.tasks = this.tasks.filter((one) => one !== task);
    this.changed();
  }

  private allocation(): Allocation {
    const runs = [...this.members.values()].map(({ participant, link, helpers }) => ({
      ...participant.demand(),
      id: participant.id,
      seated: link !== undefined,
      helped: helpers.size,
    }));
    const tasks = this.tasks.map(({ id, run, long, link }) => ({
      id,
      run,
      long,
      started: link !== undefined,
    }));
    return allocate(this.budget, runs, tasks);
  }

  /** As many workers as there are cores; more if a run that is busy was told to have them. */
  private get budget(): number {
    const told = [...this.members.values()].map(({ participant }) => {
      const { workers } = participant.spec;
      return participant.demand().busy && workers !== 'auto' ? workers : 0;
    });
    return Math.max(this.cores, ...told);
  }

  /** Takes back first, then gives what is free: what is still on its way back is given the next time. */
  private apply({ engines, helpers, tasks }: Allocation): void {
    for (const membership of this.members.values()) {
      const { id } = membership.participant;
      if (membership.link && !engines.includes(id)) void this.vacate(membership);
      const surplus = [...membership.helpers.keys()].slice(helpers.get(id) ?? 0);
      for (const helper of surplus) this.dropHelper(membership, helper);
    }
    for (const task of this.tasks) {
      if (task.link || !tasks.includes(task.id)) continue;
      const link = this.take(tasks.length + engines.length > this.budget ? 1 : 0);
      if (link) this.carryOut(task, link);
    }
    for (const id of engines) {
      const membership = this.members.get(id);
      if (!membership || membership.link || membership.leaving) continue;
      const link = this.take();
      if (!link) continue;
      this.seat(membership, link);
    }
    if (!this.helperLosses.mayTry(performance.now())) return;
    for (const [id, count] of helpers) {
      const membership = this.members.get(id);
      while (membership?.link && !membership.leaving && membership.helpers.size < count) {
        const link = this.take();
        if (!link) break;
        this.addHelper(membership, link);
      }
    }
  }

  private seat(membership: Membership, link: WorkerLink): void {
    membership.link = link;
    const { participant } = membership;
    link.listen({
      onEvent: (event) => {
        if (event.run === participant.id) participant.hear(event);
      },
      onLost: (problem) => {
        membership.link = undefined;
        this.dropHelpers(participant.id);
        this.discard(link);
        participant.lose(problem);
      },
    });
    participant.seat(link);
  }

  private async vacate(membership: Membership): Promise<void> {
    const { participant, link } = membership;
    if (!link || membership.leaving) return;
    membership.leaving = true;
    this.dropHelpers(participant.id);
    await participant.unseat();
    membership.leaving = false;
    // It may have been lost meanwhile.
    if (membership.link !== link) return;
    membership.link = undefined;
    this.release(link);
    this.changed();
  }

  private addHelper(membership: Membership, link: WorkerLink): void {
    const { participant, link: leader, helpers } = membership;
    if (!leader) return;
    this.made += 1;
    const helper = this.made;
    const { port1, port2 } = new MessageChannel();
    helpers.set(helper, link);
    const began = performance.now();
    const lost = (): void => {
      if (!helpers.has(helper)) return;
      this.helperLosses.fail(began, performance.now());
      this.dropHelper(membership, helper);
    };
    link.listen({ onEvent: () => undefined, onLost: lost });
    const { id, spec } = participant;
    link.send('assist', id, { spec, port: port2 }, { given: [port2] }).catch(lost);
    leader.send('join', id, { helper, port: port1 }, { given: [port1] }).catch(lost);
  }

  private dropHelper(membership: Membership, helper: HelperId): void {
    const link = membership.helpers.get(helper);
    if (!link) return;
    membership.helpers.delete(helper);
    membership.link?.send('leave', membership.participant.id, { helper }).catch(() => undefined);
    this.release(link);
  }

  private carryOut(task: Task, link: WorkerLink): void {
    task.link = link;
    link.listen({
      onEvent: () => undefined,
      onLost: () => {
        this.discard(link);
      },
    });
    void task.start(link).then(() => {
      // It was cancelled otherwise, and the worker is gone.
      if (!this.tasks.includes(task)) return;
      this.release(link);
      this.finish(task);
    });
  }

  /** A worker with nothing to do, if the budget, or one that is larger by `extra`, has room for it. */
  private take(extra = 0): WorkerLink | undefined {
    const found = this.free.pop();
    if (found) return found;
    if (this.links.size >= this.budget + extra) return undefined;
    const link = new WorkerLink(this.createWorker());
    this.links.add(link);
    return link;
  }

  private release(link: WorkerLink): void {
    link.listen({
      onEvent: () => undefined,
      onLost: () => {
        this.discard(link);
      },
    });
    if (link.isGone || this.links.size > this.budget || this.members.size === 0) {
      this.discard(link);
      return;
    }
    link.send('rest', '', {}).catch(() => undefined);
    this.free.push(link);
    this.changed();
  }

  private discard(link: WorkerLink, problem?: Problem): void {
    if (!link.isGone) link.end(problem);
    this.links.delete(link);
    const place = this.free.indexOf(link);
    if (place >= 0) this.free.splice(place, 1);
    this.changed();
  }

  /** No run is left: no worker and no timer stays. */
  private rest(): void {
    clearInterval(this.clock);
    this.clock = undefined;
    for (const link of [...this.links]) this.discard(link);
    this.tasks = [];
  }

  private tick(): void {
    for (const { link, helpers } of this.members.values()) {
      link?.tick();
      for (const helper of helpers.values()) helper.tick();
    }
    this.passTurn();
    // Another may have its turn now, and a lost helper a successor.
    this.changed();
  }

  /** Of the runs that are not in use, the one that has trained longest makes room for one that waits. */
  private passTurn(): void {
    if (performance.now() - this.turnBegan < turnMilliseconds) return;
    const others = [...this.members.values()]
      .map(({ participant, link }) => ({ participant, link, ...participant.demand() }))
      .filter(({ busy, inUse }) => busy && !inUse);
    if (others.every(({ link }) => link)) return;
    const seated = others.filter(({ link }) => link).sort((a, b) => a.since - b.since);
    seated[0]?.participant.yieldTurn();
    this.turnBegan = performance.now();
  }
}

/** Why a task or an order came to nothing: its run is over. */
export const disposed = (): ProblemError =>
  new ProblemError({ kind: 'lost', code: 'disposed', parameters: {}, message: 'the run is closed' });
