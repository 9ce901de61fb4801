import type {
  CommandMessage,
  CommandName,
  Commands,
  RunEvent,
  RunId,
  WorkerMessage,
} from '../protocol/commands';
import { ProblemError, type Problem } from '../protocol/problem';

/** What a link needs of a worker, so that tests can stand in for one. */
export interface WorkerLike {
  onmessage: ((event: MessageEvent<WorkerMessage>) => unknown) | null;
  onerror: ((event: ErrorEvent) => unknown) | null;
  postMessage(message: CommandMessage, given: Transferable[]): void;
  terminate(): void;
}

export interface LinkListener {
  onEvent(event: RunEvent): void;
  /** The worker is gone. Whoever waited for an answer hears of it first. */
  onLost(problem: Problem): void;
}

interface SendOptions {
  readonly given?: Transferable[];
  readonly onShare?: ((share: number) => void) | undefined;
}

interface PendingCall {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: ProblemError) => void;
  readonly onShare: ((share: number) => void) | undefined;
}

/** Ticks without a word after which a worker that should be responsive is asked for a sign of life. */
const ticksToAsk = 3;
/** Ticks without a word after which it is given up. Opening a large run in a slow browser can take long. */
const ticksToGiveUp = 20;

/** The page's end of an engine worker: numbers commands and matches the answers. */
export class WorkerLink {
  private readonly pending = new Map<number, PendingCall>();
  private calls = 0;
  private silentTicks = 0;
  private heardOf = false;
  private gone = false;
  private listener: LinkListener | undefined;

  constructor(private readonly worker: WorkerLike) {
    worker.onmessage = ({ data }) => {
      this.heardOf = true;
      this.silentTicks = 0;
      this.hear(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.lose(this.failureOf(event));
    };
  }

  get isGone(): boolean {
    return this.gone;
  }

  listen(listener: LinkListener): void {
    this.listener = listener;
  }

  send<Name extends CommandName>(
    name: Name,
    run: RunId,
    order: Commands[Name]['order'],
    { given = [], onShare }: SendOptions = {},
  ): Promise<Commands[Name]['answer']> {
    this.calls += 1;
    const call = this.calls;
    return new Promise((resolve, reject) => {
      if (this.gone) {
        reject(new ProblemError(silence));
        return;
      }
      this.pending.set(call, {
        resolve: resolve as (answer: unknown) => void,
        reject,
        onShare,
      });
      // A command with its own order, which TypeScript cannot follow through the generic name.
      this.worker.postMessage({ call, run, name, order } as CommandMessage, given);
    });
  }

  /** To be called once a second while the worker trains or assists: one that has fallen silent is given up. */
  tick(): void {
    this.silentTicks += 1;
    if (this.silentTicks === ticksToAsk) void this.send('ping', '', {}).catch(() => undefined);
    if (this.silentTicks > ticksToGiveUp) this.lose(silence);
  }

  /** Ends the worker. Whoever waits for an answer gets `problem`. */
  end(problem: Problem = ended): void {
    this.gone = true;
    this.worker.onmessage = null;
    this.worker.onerror = null;
    this.worker.terminate();
    for (const { reject } of this.pending.values()) reject(new ProblemError(problem));
    this.pending.clear();
  }

  private hear(message: WorkerMessage): void {
    switch (message.type) {
      case 'answer':
        this.take(message.call)?.resolve(message.answer);
        return;
      case 'refusal':
        this.take(message.call)?.reject(new ProblemError(message.problem));
        return;
      case 'share-done':
        this.pending.get(message.call)?.onShare?.(message.share);
        return;
      default:
        this.listener?.onEvent(message);
    }
  }

  private take(call: number): PendingCall | undefined {
    const found = this.pending.get(call);
    this.pending.delete(call);
    return found;
  }

  private lose(problem: Problem): void {
    if (this.gone) return;
    this.end(problem);
    this.listener?.onLost(problem);
  }

  /** An error without a message before the first word: the script did not arrive, or is none. */
  private failureOf({ message: reason = '' }: Partial<ErrorEvent>): Problem {
    if (reason === '' && !this.heardOf) {
      const message = 'the script of the engine worker could not be loaded';
      return { kind: 'unavailable', code: 'worker_missing', parameters: {}, message };
    }
    const message = `the engine worker stopped: ${reason}`;
    return { kind: 'lost', code: 'threw', parameters: { reason }, message };
  }
}

const silence: Problem = {
  kind: 'lost',
  code: 'silent',
  parameters: {},
  message: 'the engine worker no longer answers',
};

const ended: Problem = {
  kind: 'lost',
  code: 'ended',
  parameters: {},
  message: 'the engine worker was ended',
};
