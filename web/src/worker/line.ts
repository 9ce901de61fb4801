interface Taker {
  readonly resolve: (content: unknown) => void;
  readonly reject: (failure: LineFailure) => void;
}

/** Nobody is at the other end any more. */
export class LineFailure extends Error {}

/** One end of a line between two workers: what arrives waits, in order, until it is taken. */
export class Line {
  private readonly arrived: unknown[] = [];
  private readonly takers: Taker[] = [];
  private failure: LineFailure | undefined;

  /** Who waits for longer than `patience`, in milliseconds, is told that the line has failed. */
  constructor(
    private readonly port: MessagePort,
    private readonly patience = Infinity,
  ) {
    port.onmessage = ({ data }) => {
      const taker = this.takers.shift();
      if (taker) taker.resolve(data);
      else this.arrived.push(data);
    };
  }

  /** The memory of `given` goes along with it, rather than a copy. */
  send(content: unknown, given: Transferable[] = []): void {
    this.port.postMessage(content, given);
  }

  /** The caller knows what the other end sends next. */
  async take<Content>(): Promise<Content> {
    if (this.failure) throw this.failure;
    if (this.arrived.length > 0) return this.arrived.shift() as Content;
    const timer = Number.isFinite(this.patience)
      ? setTimeout(() => {
          this.fail('no answer');
        }, this.patience)
      : 0;
    try {
      return (await new Promise<unknown>((resolve, reject) =>
        this.takers.push({ resolve, reject }),
      )) as Content;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Whoever waits for the other end, now or later, hears of the failure instead. */
  fail(reason: string): void {
    this.failure = new LineFailure(reason);
    for (const { reject } of this.takers.splice(0)) reject(this.failure);
  }

  /** Nothing comes out of it any more, not even what is under way. */
  close(): void {
    this.port.onmessage = null;
    this.port.close();
  }
}
