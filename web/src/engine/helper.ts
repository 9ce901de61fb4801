import {
  buffersOfSums,
  groupsIn,
  type MemberOrder,
  type MemberReply,
  type MemberTask,
} from '../protocol/members';
import { problemOf } from '../protocol/problem';
import type { RunSpec } from '../protocol/run-spec';
import { refusalOf } from './engine-problem';
import { loadEngine, type Experiment } from './modules';
import { nextTask } from './next-task';

/** How long a helper works between looks at its orders: a leader that runs out of work takes some of its groups. */
export const helperSliceMilliseconds = 1;
/** The most that is drawn for the next step while nothing is to be summed. */
const drawMilliseconds = 8;

type SumTask = Extract<MemberTask, { type: 'sum' }>;
type EvaluateTask = Extract<MemberTask, { type: 'evaluate' }>;

/** The task that is under way. */
interface Begun {
  readonly task: MemberTask;
  /** When, in milliseconds. */
  readonly at: number;
}

/**
 * Trains the same model as the leader of a run, which is at the other end of `port`: sums a range of the gradient
 * groups of each step, hears the sums of the others, and makes the update itself. It also measures held-out sequences.
 */
export class Helper {
  private experiment: Experiment | undefined;
  /** What is to be done now; the first of them may have begun. */
  private tasks: MemberTask[] = [];
  /** What is to be done once the update is made, when the leader has said so. */
  private next: readonly MemberTask[] | undefined;
  private begun: Begun | undefined;
  private isWorking = false;
  /** Of the step at which the model is. */
  private round = -1;
  private closed = false;

  constructor(
    spec: RunSpec,
    private readonly port: MessagePort,
  ) {
    port.onmessage = ({ data }: MessageEvent<MemberOrder>) => {
      try {
        this.obey(data);
      } catch (error) {
        this.fail(error);
      }
    };
    this.build(spec).catch((error: unknown) => {
      this.fail(error);
    });
  }

  close(): void {
    this.closed = true;
    this.port.onmessage = null;
    this.port.close();
    this.experiment?.delete();
    this.experiment = undefined;
  }

  private async build({ engine, preset, variant, settings }: RunSpec): Promise<void> {
    const { module } = await loadEngine(engine);
    if (this.closed) return;
    this.experiment = new module.Experiment(preset, variant, settings);
    this.reply({ type: 'ready' });
  }

  private obey(order: MemberOrder): void {
    switch (order.type) {
      case 'begin':
        if (order.state) this.experiment?.setTrainingState(order.state);
        this.goOnWith(order.tasks);
        return;
      case 'add':
        if (order.round !== this.round) return;
        this.experiment?.addSums([...order.sums]);
        this.next ??= order.next;
        this.finishStep();
        return;
      case 'shorten':
        this.shorten(order.round, order.end);
    }
  }

  private goOnWith(tasks: readonly MemberTask[]): void {
    this.tasks = [...tasks];
    this.next = undefined;
    this.begun = undefined;
    this.round = tasks.find(({ type }) => type === 'sum')?.round ?? -1;
    this.work().catch((error: unknown) => {
      this.fail(error);
    });
  }

  private shorten(round: number, end: number): void {
    const shortened = (task: MemberTask): MemberTask => {
      if (task.type !== 'sum' || task.round !== round) return task;
      const { begun, experiment } = this;
      if (begun?.task !== task || !experiment) return { ...task, range: { ...task.range, end } };
      const shorter = { ...task, range: { ...task.range, end: experiment.shortenSums(end) } };
      this.begun = { ...begun, task: shorter };
      return shorter;
    };
    this.tasks = this.tasks.map(shortened);
  }

  /** Does its tasks, with a look at its orders now and then. */
  private async work(): Promise<void> {
    if (this.isWorking) return;
    this.isWorking = true;
    try {
      while (this.experiment && this.tasks[0]) {
        if (!this.workOn(this.tasks[0], this.experiment)) await nextTask();
      }
    } finally {
      this.isWorking = false;
    }
  }

  /** Returns whether the task is done. */
  private workOn(task: MemberTask, experiment: Experiment): boolean {
    if (this.begun?.task !== task) {
      this.begun = { task, at: performance.now() };
      begin(task, experiment);
    }
    const isDone =
      task.type === 'sum'
        ? experiment.continueSums(helperSliceMilliseconds)
        : experiment.continueEvaluation(helperSliceMilliseconds);
    if (!isDone) return false;
    this.tasks.shift();
    if (task.type === 'sum') this.handInSums(task, experiment, this.begun.at);
    else this.handInLosses(task, experiment);
    return true;
  }

  private handInSums({ round, range }: SumTask, experiment: Experiment, began: number): void {
    const milliseconds = performance.now() - began;
    const sums = experiment.takeSums();
    this.reply({ type: 'sums', round, sums, groups: groupsIn(range), milliseconds }, buffersOfSums(sums));
    // While the sums travel. The next range is much like this one.
    if (!this.finishStep()) experiment.drawAhead(range.first, range.end, drawMilliseconds);
  }

  private handInLosses({ round }: EvaluateTask, experiment: Experiment): void {
    const sums = experiment.takeLossSums();
    this.reply({ type: 'losses', round, sums }, [
      sums.byGroup.buffer as ArrayBuffer,
      sums.bySequence.buffer as ArrayBuffer,
    ]);
  }

  /** Makes the update if the sums of all groups are there, and it is known what comes then; returns whether it did. */
  private finishStep(): boolean {
    const { experiment, begun, next } = this;
    if (!experiment || !next || !experiment.hasSums(0, experiment.groups())) return false;
    const task = this.tasks.find(({ type }) => type === 'sum');
    if (task) {
      // Others have summed what it had not begun, and at last also the group that it was at.
      const [groups, milliseconds] =
        begun?.task === task ? [Math.max(0, groupsIn(task.range) - 1), performance.now() - begun.at] : [0, 0];
      this.reply({ type: 'sums', round: task.round, sums: [], groups, milliseconds });
    }
    const { stopped } = experiment.finishStep();
    // A model that went astray is not where the tasks expect it.
    this.goOnWith(stopped === '' ? next : []);
    return true;
  }

  private fail(error: unknown): void {
    if (!this.closed) this.reply({ type: 'failed', problem: refusalOf(error) ?? problemOf(error) });
  }

  /** The memory of `given` goes along with the reply, rather than a copy. */
  private reply(reply: MemberReply, given: ArrayBuffer[] = []): void {
    this.port.postMessage(reply, given);
  }
}

function begin(task: MemberTask, experiment: Experiment): void {
  const { first, end } = task.range;
  if (task.type === 'evaluate') {
    experiment.beginEvaluation(task.parameters ?? experiment.parameters(), first, end);
    return;
  }
  const step = experiment.step();
  if (step !== task.step) {
    throw new Error(`asked for sums of step ${String(task.step)}, but the model is at step ${String(step)}`);
  }
  experiment.beginSums(first, end);
}
