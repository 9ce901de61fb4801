import type { HelperId } from '../protocol/commands';
import type { GroupRange, LossSums, MemberOrder, MemberReply } from '../protocol/members';
import type { Score } from '../protocol/results';
import type { Experiment, LoadedEngine } from './modules';
import { nextTask } from './next-task';
import { partition, Speed } from './partition';

/** How long the leader works between looks at its messages while nobody waits for it. */
const sliceMilliseconds = 50;
/** The same while it does what a late helper may have done already. */
const catchUpSliceMilliseconds = 2;
/** The most that is drawn for the next step while helpers are not done. */
const drawMilliseconds = 8;
/** A helper is late once the leader has waited for this share of the time that its own part took, and a little. */
const patienceShare = 0.2;
const leastPatienceMilliseconds = 1;

/** A speed to begin with, in groups per millisecond. Only ratios of speeds matter. */
const unknownSpeed = 1;

/** A helper as the leader sees it. */
class Member {
  readonly speed = new Speed();
  ready = false;
  /** The round of the order that it has not answered; it gets no other until then. */
  pending: number | undefined;
  /** What it has been asked for in that round. */
  range: GroupRange = { first: 0, end: 0 };

  constructor(readonly port: MessagePort) {}

  order(order: MemberOrder, given: Transferable[] = []): void {
    this.port.postMessage(order, given);
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
    const summed = await this.sumInRound(interrupted);
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
    await this.patience(
      patienceShare * took,
      interrupted,
      () => this.experiment.missingGroups().length === 0,
    );
    return this.catchUp(interrupted);
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

  /** Gives each helper that is free its range, and says which is the leader's own. */
  private share(
    groups: number,
    order: (range: GroupRange) => Extract<MemberOrder, { parameters: Float32Array }>,
  ): { own: GroupRange; helped: Member[] } {
    const free = [...this.members.values()].filter(isFree);
    const ownSpeed = this.ownSpeed.value(unknownSpeed);
    const ranges = partition(groups, [ownSpeed, ...free.map(({ speed }) => speed.value(ownSpeed))]);
    const [own = { first: 0, end: groups }, ...others] = ranges;
    const helped = free.filter((member, index) => {
      const range = others[index];
      if (!range || range.first === range.end) return false;
      member.pending = this.round;
      member.range = range;
      const given = order(range);
      member.order(given, [given.parameters.buffer]);
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

  /** Waits until `done`, but no longer than a helper may be late. */
  private async patience(milliseconds: number, interrupted: Interrupted, done: () => boolean): Promise<void> {
    const end = performance.now() + Math.max(leastPatienceMilliseconds, milliseconds);
    while (!interrupted() && !done() && performance.now() < end) {
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
   * Sums what helpers have not, from the end of their ranges, half of what is left at a time: a slow one goes on with
   * the rest meanwhile, and one that is gone costs no more than the time that its range takes.
   */
  private async catchUp(interrupted: Interrupted): Promise<boolean> {
    for (;;) {
      if (interrupted()) return false;
      const missing = this.experiment.missingGroups();
      const last = missing.at(-1);
      if (last === undefined) return true;
      const late = [...this.members.values()].find(
        ({ pending, range }) => pending === this.round && range.first <= last && last < range.end,
      );
      const left = missing.filter((group) => !late || group >= late.range.first);
      const first = left[late ? Math.floor(left.length / 2) : 0] ?? last;
      if (late) {
        late.order({ type: 'shorten', round: this.round, end: first });
        late.range = { first: late.range.first, end: first };
      }
      const summed = (): boolean => !this.experiment.missingGroups().includes(last);
      await this.sumRange(
        { first, end: last + 1 },
        catchUpSliceMilliseconds,
        () => interrupted() || summed(),
      );
    }
  }
}
