import type { MemberOrder, MemberReply } from '../protocol/members';
import { problemOf } from '../protocol/problem';
import type { RunSpec } from '../protocol/run-spec';
import { refusalOf } from './engine-problem';
import { loadEngine, type Experiment } from './modules';
import { nextTask } from './next-task';

/** How long a helper works between looks at its orders: a leader that runs out of work takes some of its groups. */
const sliceMilliseconds = 4;
/** The most that is drawn for the next step while nothing is to be summed. */
const drawMilliseconds = 8;

type SumOrder = Extract<MemberOrder, { type: 'sum' }>;
type EvaluateOrder = Extract<MemberOrder, { type: 'evaluate' }>;

/**
 * Sums gradient groups and measures held-out sequences for the leader of a run, which is at the other end of `port`.
 * It carries one order out at a time; while it does, the leader gives it no other.
 */
export class Helper {
  private experiment: Experiment | undefined;
  private round = -1;
  private closed = false;

  constructor(
    spec: RunSpec,
    private readonly port: MessagePort,
  ) {
    port.onmessage = ({ data }: MessageEvent<MemberOrder>) => {
      this.obey(data).catch((error: unknown) => {
        this.fail(error);
      });
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

  private async obey(order: MemberOrder): Promise<void> {
    switch (order.type) {
      case 'sum':
        await this.sum(order);
        return;
      case 'evaluate':
        await this.evaluate(order);
        return;
      case 'shorten':
        if (order.round === this.round) this.experiment?.shortenSums(order.end);
    }
  }

  private async sum({ round, step, parameters, range: { first, end } }: SumOrder): Promise<void> {
    const began = performance.now();
    this.round = round;
    this.experiment?.moveTo(step, parameters);
    this.experiment?.beginSums(first, end);
    while (this.experiment && !this.experiment.continueSums(sliceMilliseconds)) await nextTask();
    if (!this.experiment) return;
    this.round = -1;
    const sums = this.experiment.takeSums();
    const groups = sums.reduce((all, { count }) => all + count, 0);
    this.reply(
      { type: 'sums', round, sums, groups, milliseconds: performance.now() - began },
      sums.map(({ gradient }) => gradient.buffer as ArrayBuffer),
    );
    // While the sums travel and the leader makes the next weights of them. The next range is much like this one.
    this.experiment.drawAhead(first, end, drawMilliseconds);
  }

  private async evaluate({ round, parameters, range: { first, end } }: EvaluateOrder): Promise<void> {
    this.experiment?.beginEvaluation(parameters, first, end);
    while (this.experiment && !this.experiment.continueEvaluation(sliceMilliseconds)) await nextTask();
    if (!this.experiment) return;
    const sums = this.experiment.takeLossSums();
    this.reply({ type: 'losses', round, sums }, [
      sums.byGroup.buffer as ArrayBuffer,
      sums.bySequence.buffer as ArrayBuffer,
    ]);
  }

  private fail(error: unknown): void {
    if (!this.closed) this.reply({ type: 'failed', problem: refusalOf(error) ?? problemOf(error) });
  }

  /** The memory of `given` goes along with the reply, rather than a copy. */
  private reply(reply: MemberReply, given: ArrayBuffer[] = []): void {
    this.port.postMessage(reply, given);
  }
}
