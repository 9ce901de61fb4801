import type { AnalysisOrder, AnalysisReply } from '../worker/messages';

export interface Conduct {
  /** Called now and then with the share of the work that is done. */
  readonly onProgress?: ((share: number) => void) | undefined;
  /** Cancels the analysis. The worker that carries it out goes, and the next analysis starts another. */
  readonly signal?: AbortSignal | undefined;
}

/** The worker is gone, rather than the analysis refused: another one may do it. */
export class WorkerLost extends Error {}

interface Job {
  readonly order: AnalysisOrder;
  readonly conduct: Conduct;
  readonly resolve: (result: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/** Has analyses carried out in a worker of their own, one after another. */
export class Analyst {
  private worker: Worker | undefined;
  private readonly waiting: Job[] = [];
  private current: Job | undefined;

  analyze(order: AnalysisOrder, conduct: Conduct): Promise<unknown> {
    const { signal } = conduct;
    return new Promise((resolve, reject) => {
      const job: Job = { order, conduct, resolve, reject };
      signal?.throwIfAborted();
      signal?.addEventListener('abort', () => {
        this.cancel(job, signal.reason);
      });
      this.waiting.push(job);
      this.next();
    });
  }

  private next(): void {
    if (this.current) return;
    this.current = this.waiting.shift();
    if (!this.current) return;
    this.worker ??= this.startWorker();
    this.worker.postMessage(this.current.order);
  }

  private startWorker(): Worker {
    const worker = new Worker(new URL('../worker/analysis-worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<AnalysisReply>) => {
      if (data.type === 'progress') this.current?.conduct.onProgress?.(data.share);
      else if (data.type === 'result')
        this.finish((job) => {
          job.resolve(data.result);
        });
      else
        this.finish((job) => {
          job.reject(new Error(data.message));
        });
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.stopWorker();
      this.finish((job) => {
        job.reject(
          new WorkerLost(`the analysis worker stopped: ${event.message || 'it could not be loaded'}`),
        );
      });
    };
    return worker;
  }

  private stopWorker(): void {
    this.worker?.terminate();
    this.worker = undefined;
  }

  private finish(settle: (job: Job) => void): void {
    const job = this.current;
    this.current = undefined;
    if (job) settle(job);
    this.next();
  }

  /** Has no effect on a job that is done. */
  private cancel(job: Job, reason: unknown): void {
    if (job === this.current) {
      this.stopWorker();
      this.finish(() => {
        job.reject(reason);
      });
    } else {
      const place = this.waiting.indexOf(job);
      if (place < 0) return;
      this.waiting.splice(place, 1);
      job.reject(reason);
    }
  }
}
