/**
 * Takes models apart beside the training worker. It stays for the next analysis, with its modules warm. While it
 * computes it hears nothing: to cancel an analysis, the page terminates it.
 */

import createBackward from '@engine/mesa-backward-analyses.mjs';
import createForward, { type MainModule } from '@engine/mesa-forward-analyses.mjs';
import type { AnalysisOrder, AnalysisReply } from './messages';

/** Progress moves on 20 times a second: smooth to the eye, and no burden to the page. */
const progressMilliseconds = 50;

const worker = self as DedicatedWorkerGlobalScope;

/** Each module comes when one of its analyses is asked for first. Both have the same interface. */
const backwardKinds: readonly string[] = ['attention', 'prompt', 'linearise'];
const loaded = new Map<typeof createForward, Promise<MainModule>>();

function moduleOf(kind: string): Promise<MainModule> {
  const create = backwardKinds.includes(kind) ? createBackward : createForward;
  const module = loaded.get(create) ?? create();
  loaded.set(create, module);
  return module;
}

worker.onmessage = ({ data }: MessageEvent<AnalysisOrder>) => {
  // What is no refusal of the engine's is an error of this worker's, after which the page starts another.
  carryOut(data).catch(reportError);
};

async function carryOut({ kind, snapshot, updates }: AnalysisOrder): Promise<void> {
  const module = await moduleOf(kind);
  const { preset, variant, overrides } = snapshot.request;
  try {
    const result = module.analyze(
      kind,
      preset,
      variant,
      overrides,
      snapshot.parameters,
      updates,
      createMeter(),
    );
    reply({ type: 'result', result });
  } catch (error) {
    if (!(error instanceof Error && 'field' in error)) throw error;
    reply({ type: 'error', message: error.message });
  }
}

function createMeter(): (share: number) => void {
  let reported = performance.now();
  return (share) => {
    if (performance.now() - reported < progressMilliseconds) return;
    reported = performance.now();
    reply({ type: 'progress', share });
  };
}

function reply(message: AnalysisReply): void {
  worker.postMessage(message);
}
