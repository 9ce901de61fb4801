import type { HelperId } from '../protocol/commands';
import {
  buffersOfSums,
  groupsIn,
  type BatchSum,
  type GroupRange,
  type LossSums,
  type MemberOrder,
  type MemberReply,
  type MemberTask,
} from '../protocol/members';
import type { Score } from '../protocol/results';
import type { Crew } from './crew';
import { helperSliceMilliseconds } from './helper';
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

/** A helper that has not answered so many orders gets no other until it does. */
const mostUnanswered = 2;

/** A helper as the leader sees it. */
class Member {
  readonly speed = new Speed();
  ready = false;
  /** The step at which its model will be when it has heard all that was sent to it; undefined if nobody knows. */
  step: number | undefined;
  /** Rounds whose tasks it was given and has not handed in. */
  unanswered: number[] = [];

  constructor(readonly port: MessagePort) {}

  isFree(): boolean {
    return this.ready && this.unanswered.length < mostUnanswered;
  }

  /** The memory of `given` goes along, rather than a copy. */
  send(order: MemberOrder, given: ArrayBuffer[] = []): void {
    this.port.postMessage(order, given);
  }
}

/** Who does which groups in a round. */
interface Plan {
  readonly type: MemberTask['type'];
  readonly round: number;
  /** At which the model is then. */
  readonly step: number;
  readonly own: GroupRange;
  readonly shares: Map<Member, GroupRange>;
  /** When the helpers began, or were to begin. */
  asked: number;
  /** What a helper has summed of it already, while the leader was still at the step before. */
  readonly early: (() => void)[];
}

/** Says that what is under way is no longer wanted. */
export type Interrupted = () => boolean;

/**
 * An experiment and the helpers that share its steps. Helpers may come, go, fall behind or fall silent at any time:
 * what they leave undone the leader does itself, and whoever summed what, the bits are the same.
 */
export class Team {
  private readonly members = new Map<HelperId, Member>();
  private readonly ownSpeed = new Speed();
  private rounds = 0;
  /** What is under way, and what the helpers have been told comes after it. */
  private plans: Plan[] = [];
  /** Losses that helpers have measured, by round. */
  private losses: { round: number; sums: LossSums }[] = [];
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

  /** The experiment is no longer where its last step led to: what helpers still do is about a model that is gone. */
  forget(): void {
    this.plans = [];
    for (const member of this.members.values()) member.step = undefined;
  }

  /**
   * Sums all groups of the step that the experiment is at; false if that was interrupted. Helpers go straight on with
   * what is to come `next`.
   */
  async sum(interrupted: Interrupted, next: readonly MemberTask['type'][] = []): Promise<boolean> {
    const began = performance.now();
    const plan = await this.planned('sum', interrupted);
    if (!plan) return false;
    this.sharers = 1 + plan.shares.size;
    if (!(await this.sumInPlan(plan, interrupted, next))) {
      this.drop();
      return false;
    }
    for (const member of plan.shares.keys()) member.step = plan.step + 1;
    this.end(plan);
    const ended = performance.now();
    this.crew?.measure(ended - began, ended);
    return true;
  }

  /**
   * The model, or another one with these parameters, on the held-out sequences; undefined if that was interrupted.
   */
  async evaluate(interrupted: Interrupted, parameters?: Float32Array): Promise<Score | undefined> {
    if (parameters) this.drop();
    const measured = parameters ?? this.experiment.parameters();
    const plan = await this.planned('evaluate', interrupted, measured);
    if (!plan) return undefined;
    const began = performance.now();
    if (!(await this.measureRange(measured, plan.own, interrupted))) return undefined;
    const parts = [this.experiment.takeLossSums()];
    const took = performance.now() - began;
    for (const range of plan.shares.values()) {
      const reply = () =>
        this.losses.find(({ round, sums }) => round === plan.round && sums.first === range.first)?.sums;
      await this.patience(patienceShare * took, interrupted, () => reply() !== undefined);
      // The helper's losses count if they come while the leader measures the same.
      if (!(await this.measureRange(measured, range, () => interrupted() || reply() !== undefined))) {
        const late = reply();
        if (!late || interrupted()) return undefined;
        parts.push(late);
      } else {
        parts.push(this.experiment.takeLossSums());
      }
    }
    this.end(plan);
    return this.engine.module.lossCurve(parts);
  }

  /** What the helpers have been told to do now, or else are told now; undefined if that was interrupted. */
  private async planned(
    type: MemberTask['type'],
    interrupted: Interrupted,
    parameters?: Float32Array,
  ): Promise<Plan | undefined> {
    const [first] = this.plans;
    if (first?.type === type) {
      first.asked = performance.now();
      for (const takeIn of first.early) takeIn();
      return first;
    }
    this.drop();
    // Whoever was not ready, or behind, may be free by now: it takes a look at the messages to know.
    if (![...this.members.values()].every(({ ready, unanswered }) => ready && unanswered.length === 0))
      await nextTask();
    if (interrupted()) return undefined;
    const step = this.experiment.step();
    const plan = this.plan(type, step, this.helpers());
    this.plans = [plan];
    for (const [member, range] of plan.shares) {
      const isBehind = type === 'sum' && member.step !== step;
      if (isBehind) member.step = step;
      const state = isBehind ? this.experiment.trainingState() : undefined;
      member.unanswered.push(plan.round);
      member.send({ type: 'begin', state, tasks: [taskOf(plan, range, parameters)] });
    }
    return plan;
  }

  private async sumInPlan(
    plan: Plan,
    interrupted: Interrupted,
    next: readonly MemberTask['type'][],
  ): Promise<boolean> {
    const took = await this.sumOwn(plan.own, interrupted);
    if (took === undefined) return false;
    if (plan.shares.size > 0) {
      this.addOwn(plan, this.planAhead(plan, next));
      this.experiment.drawAhead(plan.own.first, plan.own.end, drawMilliseconds);
    }
    return this.catchUp(plan, took / groupsIn(plan.own), interrupted);
  }

  /** What helpers were told comes to nothing. Some of them may have the sums of the whole step, and have made it. */
  private drop(): void {
    for (const { type, shares } of this.plans.splice(0)) {
      if (type === 'sum') for (const member of shares.keys()) member.step = undefined;
    }
  }

  private end(plan: Plan): void {
    this.plans = this.plans.filter((other) => other !== plan);
    this.losses = this.losses.filter(({ round }) => round > plan.round);
  }

  /** Those that get a range: all that there are, unless it is free to find out how many are of use. */
  private helpers(): Member[] {
    const ready = [...this.members.values()].filter((member) => member.ready).length;
    const most = this.crew?.choose(ready, performance.now()) ?? ready;
    return [...this.members.values()].filter((member) => member.isFree()).slice(0, most);
  }

  private plan(type: MemberTask['type'], step: number, helpers: readonly Member[]): Plan {
    this.rounds += 1;
    const groups = type === 'sum' ? this.experiment.groups() : this.experiment.evaluationGroups();
    const ownSpeed = this.ownSpeed.value(unknownSpeed);
    const speeds = [ownSpeed, ...helpers.map(({ speed }) => speed.value(ownSpeed))];
    const [own = { first: 0, end: groups }, ...others] = partition(groups, speeds);
    const shares = new Map<Member, GroupRange>();
    helpers.forEach((member, index) => {
      const range = others[index];
      if (range && groupsIn(range) > 0) shares.set(member, range);
    });
    return { type, round: this.rounds, step, own, shares, asked: performance.now(), early: [] };
  }

  /** What comes after this step, if the same helpers take part in it and can be told at once. */
  private planAhead({ step, shares }: Plan, next: readonly MemberTask['type'][]): readonly Plan[] {
    const helpers = this.helpers();
    const isSame = helpers.length === shares.size && helpers.every((member) => shares.has(member));
    const plans = isSame ? next.map((type) => this.plan(type, step + 1, helpers)) : [];
    // Those without groups would not get to the next step.
    const isShared = plans.every((plan) => plan.shares.size === shares.size);
    if (!isShared) return [];
    this.plans.push(...plans);
    return plans;
  }

  /** Tells the helpers what has just been summed, and what they do after this step. */
  private addOwn({ round, shares }: Plan, ahead: readonly Plan[]): void {
    const sums = this.experiment.takeSums();
    let left = shares.size;
    for (const member of shares.keys()) {
      const next: MemberTask[] = [];
      for (const plan of ahead) {
        const range = plan.shares.get(member);
        if (!range) continue;
        next.push(taskOf(plan, range));
        member.unanswered.push(plan.round);
      }
      left -= 1;
      member.send({ type: 'add', round, sums, next }, left === 0 ? buffersOfSums(sums) : []);
    }
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
        this.takeIn(member, reply);
        break;
      case 'losses':
        this.losses.push(reply);
    }
    member.unanswered = member.unanswered.filter((round) => round > reply.round);
    this.heard();
  }

  private takeIn(member: Member, { round, sums }: Extract<MemberReply, { type: 'sums' }>): void {
    const plan = this.plans.find((one) => one.round === round);
    if (!plan?.shares.has(member) || sums.length === 0) return;
    const takeIn = (): void => {
      this.experiment.addSums([...sums]);
      this.add(plan, sums, member);
    };
    if (plan.step === this.experiment.step()) takeIn();
    else plan.early.push(takeIn);
  }

  /** Tells all helpers what was summed, but for the one that did it. */
  private add({ round, shares }: Plan, sums: readonly BatchSum[], source?: Member): void {
    for (const member of shares.keys()) {
      if (member !== source) member.send({ type: 'add', round, sums, next: undefined });
    }
  }

  /** Sums the leader's own range; returns the time it took in milliseconds, undefined if that was interrupted. */
  private async sumOwn(own: GroupRange, interrupted: Interrupted): Promise<number | undefined> {
    const began = performance.now();
    if (!(await this.sumRange(own, sliceMilliseconds, interrupted))) return undefined;
    const took = performance.now() - began;
    this.ownSpeed.measure(groupsIn(own), took);
    return took;
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

  /** When a helper is to be done with its range in a plan, or is late if that takes `patience` times as long. */
  private expected({ asked }: Plan, range: GroupRange, speed: Speed, patience = 1): number {
    const known = speed.value(this.ownSpeed.value(unknownSpeed));
    return asked + travelMilliseconds + (patience * groupsIn(range)) / known;
  }

  private lastMissing(): number | undefined {
    for (let group = this.experiment.groups() - 1; group >= 0; group -= 1) {
      if (!this.experiment.hasSums(group, group + 1)) return group;
    }
    return undefined;
  }

  /**
   * Sees to the groups that helpers have not summed yet. A helper that will be done before the leader could have summed
   * a group, or before it could hear of that, is waited for. Of one that is slower or late, the leader sums the last group, and then the one before: the
   * helper goes on with the rest meanwhile, and one that is gone costs no more than the time that its range takes.
   */
  private async catchUp(plan: Plan, groupMilliseconds: number, interrupted: Interrupted): Promise<boolean> {
    const worthWaiting = Math.max(groupMilliseconds, helperSliceMilliseconds);
    let hasStolen = false;
    for (;;) {
      // Also when all sums are there: who has paused in the meantime does not get one step more.
      if (interrupted()) return false;
      const last = this.lastMissing();
      if (last === undefined) {
        // With all groups there, that is the sum over the batch.
        if (hasStolen) this.add(plan, this.experiment.takeSums());
        return true;
      }
      const [helper, range] =
        [...plan.shares].find(([, { first, end }]) => first <= last && last < end) ?? [];
      const isThere = (): boolean => this.experiment.hasSums(last, last + 1);
      const now = performance.now();
      const late = helper && range ? this.expected(plan, range, helper.speed, tolerance) - now : 0;
      if (helper && range && late > 0 && this.expected(plan, range, helper.speed) - now <= worthWaiting) {
        await this.patience(late, interrupted, isThere);
      } else {
        // What has arrived meanwhile is heard first.
        await nextTask();
      }
      if (interrupted() || isThere()) continue;
      if (helper && range) {
        plan.shares.set(helper, { first: range.first, end: last });
        helper.send({ type: 'shorten', round: plan.round, end: last });
      }
      const stolen = { first: last, end: last + 1 };
      hasStolen = true;
      await this.sumRange(stolen, catchUpSliceMilliseconds, () => interrupted() || isThere());
    }
  }
}

const taskOf = ({ type, round, step }: Plan, range: GroupRange, parameters?: Float32Array): MemberTask =>
  type === 'sum' ? { type, round, step, range } : { type, round, parameters, range };
