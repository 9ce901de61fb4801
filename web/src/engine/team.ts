import type { HelperId } from '../protocol/commands';
import type { GroupRange, LossSums, MemberOrder, MemberReply } from '../protocol/members';
import type { Score } from '../protocol/results';
import type { Crew } from './crew';
import type { Experiment, LoadedEngine } from './modules';
import { nextTask } from './next-task';
import { partition, Speed } from './partition';

/** How long the leader works between looks at its messages while nobody waits for it. */
const sliceMilliseconds = 50;
/** The same while it does what a late helper may have done already. */
const catchUpSliceMilliseconds = 2;
/** The most that is drawn for the next step while helpers are not done. */
const drawMilliseconds = 8;
/** Losses of a helper are late once the leader has waited for this share of the time that its own part took. */
const patienceShare = 0.2;
const leastPatienceMilliseconds = 1;
/** Timers are no finer: who waits for less goes on. */
const shortestWaitMilliseconds = 0.5;

/** A speed to begin with, in groups per millisecond. Only ratios of speeds matter. */
const unknownSpeed = 1;
/** How long orders and sums travel, in milliseconds, or a little longer. */
const travelMilliseconds = 0.5;
/** A helper is late when its groups have taken this many times as long as they should. */
const tolerance = 1.15;

/** A helper as the leader sees it. */
class Member {
  readonly speed = new Speed();
  ready = false;
  /** The round of the order that it has not answered; it gets no other until then. */
  pending: number | undefined;
  /** What it has been asked for in that round, and when. */
  range: GroupRange = { first: 0, end: 0 };
  private asked = 0;

  constructor(readonly port: MessagePort) {}

  /** The memory of the weights goes along. */
  ask(order: Extract<MemberOrder, { parameters: Float32Array }>): void {
    this.pending = order.round;
    this.range = order.range;
    this.asked = performance.now();
    this.port.postMessage(order, [order.parameters.buffer]);
  }

  /** Somebody else sums its groups from `end` on. */
  shorten(round: number, end: number): void {
    this.range = { first: this.range.first, end };
    this.port.postMessage({ type: 'shorten', round, end } satisfies MemberOrder);
  }

  /** When its answer is to be expected, and when it is late. */
  expected(patience = 1): number {
    const groups = this.range.end - this.range.first;
    return this.asked + travelMilliseconds + (patience * groups) / this.speed.value(unknownSpeed);
  }
}

const isFree = ({ ready, pending }: Member): boolean => ready && pending === undefined;

/** Says that what is under way is no longer wanted. */
export type Interrupted = () => boolean;

/**
 * An experiment and the helpers that share its steps. Helpers may come, go, fall behind or fall silent at any time:
 * what they leave undone the leader does itself, and whoever summed what, the bits are the same.
 */
export class Team {
  private readonly members = new Map<HelperId, Member>();
  private readonly ownSpeed = new Speed();
  private round = 0;
  /** Losses that helpers have measured in this round. */
  private losses: LossSums[] = [];
  private heard: () => void = () => undefined;
  private sharers = 1;

  constructor(
    private readonly engine: LoadedEngine,
    private readonly experiment: Experiment,
    /** Without one, all helpers are taken. */
    private readonly crew?: Crew,
  ) {}

  /** How many workers shared the newest step. */
  get size(): number {
    return this.sharers;
  }

  join(helper: HelperId, port: MessagePort): void {
    const member = new Member(port);
    port.onmessage = ({ data }: MessageEvent<MemberReply>) => {
      this.hear(helper, member, data);
    };
    this.members.set(helper, member);
  }

  leave(helper: HelperId): void {
    const member = this.members.get(helper);
    if (!member) return;
    this.members.delete(helper);
    member.port.onmessage = null;
    member.port.close();
    this.heard();
  }

  close(): void {
    for (const helper of [...this.members.keys()]) this.leave(helper);
  }

  /** The experiment has begun anew: what helpers still send is about a model that is gone. */
  forget(): void {
    this.round += 1;
  }

  /** Sums all groups of the step that the experiment is at; false if that was interrupted. */
  async sum(interrupted: Interrupted): Promise<boolean> {
    const began = performance.now();
    const summed = await this.sumInRound(interrupted);
    const ended = performance.now();
    if (summed) this.crew?.measure(ended - began, ended);
    // What comes later would be taken for a part of the next step.
    this.round += 1;
    return summed;
  }

  private async sumInRound(interrupted: Interrupted): Promise<boolean> {
    await this.hearOthers();
    if (interrupted()) return false;
    const { own, helped } = this.share(this.experiment.groups(), (range) => ({
      type: 'sum',
      round: this.round,
      step: this.experiment.step(),
      parameters: this.experiment.parameters(),
      range,
    }));
    this.sharers = 1 + helped.length;
    const began = performance.now();
    if (!(await this.sumRange(own, sliceMilliseconds, interrupted))) return false;
    const took = performance.now() - began;
    this.ownSpeed.measure(own.end - own.first, took);
    if (helped.length === 0) return true;

    this.experiment.drawAhead(own.first, own.end, drawMilliseconds);
    return this.catchUp(took / (own.end - own.first), interrupted);
  }

  /** The model with these weights on the held-out sequences; undefined if that was interrupted. */
  async evaluate(parameters: Float32Array, interrupted: Interrupted): Promise<Score | undefined> {
    this.round += 1;
    this.losses = [];
    await this.hearOthers();
    if (interrupted()) return undefined;
    const { own, helped } = this.share(this.experiment.evaluationGroups(), (range) => ({
      type: 'evaluate',
      round: this.round,
      parameters: parameters.slice(),
      range,
    }));
    const began = performance.now();
    if (!(await this.measureRange(parameters, own, interrupted))) return undefined;
    const parts = [this.experiment.takeLossSums()];
    const took = performance.now() - began;
    for (const { range } of helped) {
      const measured = () => this.losses.find(({ first }) => first === range.first);
      await this.patience(patienceShare * took, interrupted, () => measured() !== undefined);
      // The helper's losses count if they come while the leader measures the same.
      if (!(await this.measureRange(parameters, range, () => interrupted() || measured() !== undefined))) {
        const late = measured();
        if (!late || interrupted()) return undefined;
        parts.push(late);
      } else {
        parts.push(this.experiment.takeLossSums());
      }
    }
    return this.engine.module.lossCurve(parts);
  }

  /** Whoever was not ready, or behind, may be free by now: it takes a look at the messages to know. */
  private async hearOthers(): Promise<void> {
    if (![...this.members.values()].every(isFree)) await nextTask();
  }

  /** How many helpers are asked at most: those that there are, unless it is free to find out how many are of use. */
  private crewSize(): number {
    const ready = [...this.members.values()].filter((member) => member.ready).length;
    return this.crew?.choose(ready, performance.now()) ?? ready;
  }

  /** Gives each helper that is free its range, and says which is the leader's own. */
  private share(
    groups: number,
    order: (range: GroupRange) => Extract<MemberOrder, { parameters: Float32Array }>,
  ): { own: GroupRange; helped: Member[] } {
    const free = [...this.members.values()].filter(isFree).slice(0, this.crewSize());
    const ownSpeed = this.ownSpeed.value(unknownSpeed);
    const speeds = [ownSpeed, ...free.map(({ speed }) => speed.value(ownSpeed))];
    const ranges = partition(groups, speeds);
    const [own = { first: 0, end: groups }, ...others] = ranges;
    const helped = free.filter((member, index) => {
      const range = others[index];
      if (!range || range.first === range.end) return false;
      member.ask(order(range));
      return true;
    });
    return { own, helped };
  }

  private hear(helper: HelperId, member: Member, reply: MemberReply): void {
    switch (reply.type) {
      case 'ready':
        member.ready = true;
        return;
      case 'failed':
        this.leave(helper);
        return;
      case 'sums':
        member.speed.measure(reply.groups, reply.milliseconds);
        if (reply.round === this.round) this.experiment.addSums([...reply.sums]);
        break;
      case 'losses':
        if (reply.round === this.round) this.losses.push(reply.sums);
    }
    if (reply.round === member.pending) member.pending = undefined;
    this.heard();
  }

  private async sumRange(
    { first, end }: GroupRange,
    slice: number,
    interrupted: Interrupted,
  ): Promise<boolean> {
    if (first === end) return true;
    this.experiment.beginSums(first, end);
    while (!this.experiment.continueSums(slice)) {
      await nextTask();
      if (interrupted()) return false;
    }
    return true;
  }

  private async measureRange(
    parameters: Float32Array,
    { first, end }: GroupRange,
    interrupted: Interrupted,
  ): Promise<boolean> {
    if (interrupted()) return false;
    this.experiment.beginEvaluation(parameters, first, end);
    while (!this.experiment.continueEvaluation(sliceMilliseconds)) {
      await nextTask();
      if (interrupted()) return false;
    }
    return true;
  }

  /** Waits until `done`, but no longer than so many milliseconds. */
  private async patience(milliseconds: number, interrupted: Interrupted, done: () => boolean): Promise<void> {
    const end = performance.now() + Math.max(leastPatienceMilliseconds, milliseconds);
    while (!interrupted() && !done() && end - performance.now() > shortestWaitMilliseconds) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, end - performance.now());
        this.heard = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /**
   * Sees to the groups that helpers have not summed yet. A helper that will be done before the leader could have summed
   * a group is waited for. Of one that is slower or late, the leader sums the last group, and then the one before: the
   * helper goes on with the rest meanwhile, and one that is gone costs no more than the time that its range takes.
   */
  private async catchUp(groupMilliseconds: number, interrupted: Interrupted): Promise<boolean> {
    for (;;) {
      if (interrupted()) return false;
      const last = this.experiment.missingGroups().at(-1);
      if (last === undefined) return true;
      const helper = [...this.members.values()].find(
        ({ pending, range }) => pending === this.round && range.first <= last && last < range.end,
      );
      const isThere = (): boolean => !this.experiment.missingGroups().includes(last);
      const now = performance.now();
      const late = (helper?.expected(tolerance) ?? 0) - now;
      if (helper && late > 0 && helper.expected() - now <= groupMilliseconds) {
        await this.patience(late, interrupted, isThere);
      } else {
        // What has arrived meanwhile is heard first.
        await nextTask();
      }
      if (interrupted() || isThere()) continue;
      helper?.shorten(this.round, last);
      const range = { first: last, end: last + 1 };
      await this.sumRange(range, catchUpSliceMilliseconds, () => interrupted() || isThere());
    }
  }
}
