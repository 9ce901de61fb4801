import type { Reference, ReferenceChoice, RunRequest } from './messages';
import type { ReferenceQuestion, ReferenceReply } from './reference-worker';

/** Has references of a run measured in a worker of their own. */
export class ReferenceSearch {
  private readonly worker = new Worker(new URL('./reference-worker.ts', import.meta.url), { type: 'module' });

  /** Resolves with the algorithm that `choice` names, or with those that every run is compared with. */
  readonly found: Promise<readonly Reference[]>;

  constructor(request: RunRequest, choice?: ReferenceChoice) {
    this.found = new Promise((resolve, reject) => {
      this.worker.onmessage = ({ data }: MessageEvent<ReferenceReply>) => {
        if ('references' in data) resolve(data.references);
        else reject(Object.assign(new Error(data.error), { field: data.field }));
      };
      this.worker.onerror = ({ message }) => {
        reject(new Error(`the comparison with known algorithms failed: ${message}`));
      };
    });
    this.worker.postMessage({ request, choice } satisfies ReferenceQuestion);
  }

  cancel(): void {
    this.worker.terminate();
  }
}
