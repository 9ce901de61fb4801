/**
 * Takes models apart beside the training worker. It stays for the next analysis, with its module warm. While it
 * computes it hears nothing: to cancel an analysis, the page terminates it.
 */

import createAnalyses from '@engine/mesa-analyses.mjs';
import type { AnalysisOrder, AnalysisReply } from './messages';

/** Progress moves on 20 times a second: smooth to the eye, and no burden to the page. */
const progressMilliseconds = 50;

const worker = self as DedicatedWorkerGlobalScope;

const analyses = createAnalyses();

worker.onmessage = ({ data }: MessageEvent<AnalysisOrder>) => {
  // What is no refusal of the engine's is an error of this worker's, after which the page starts another.
  carryOut(data).catch(reportError);
};

async function carryOut({ kind, snapshot, updates }: AnalysisOrder): Promise<void> {
  const module = await analyses;
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
