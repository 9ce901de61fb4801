/**
 * Takes models apart beside the training worker. It stays for the next analysis, with its modules warm. While it
 * computes it hears nothing: to cancel an analysis, the page terminates it.
 */

import createAttention from '@engine/mesa-attention-analyses.mjs';
import createProbe from '@engine/mesa-probe-analyses.mjs';
import createRegression from '@engine/mesa-regression-analyses.mjs';
import createTraining from '@engine/mesa-training-analyses.mjs';
import createWeight, { type MainModule } from '@engine/mesa-weight-analyses.mjs';
import type { AnalysisKind } from '../analysis/results';
import type { AnalysisOrder, AnalysisReply } from './messages';

/** Progress moves on 20 times a second: smooth to the eye, and no burden to the page. */
const progressMilliseconds = 50;

const worker = self as DedicatedWorkerGlobalScope;

/** Which module has which kinds, as in src/experiment. All have the same interface. */
const creators: Readonly<Record<AnalysisKind, typeof createWeight>> = {
  weights: createWeight,
  compress: createWeight,
  fit: createWeight,
  probe: createProbe,
  binding: createProbe,
  attention: createAttention,
  kernel: createRegression,
  'few-shot': createRegression,
  prompt: createTraining,
  linearise: createTraining,
};
const loaded = new Map<typeof createWeight, Promise<MainModule>>();

/** Each module comes when one of its analyses is asked for first. */
function moduleOf(kind: AnalysisKind): Promise<MainModule> {
  const create = creators[kind];
  const module = loaded.get(create) ?? create();
  loaded.set(create, module);
  return module;
}

const isKind = (kind: string): kind is AnalysisKind => Object.hasOwn(creators, kind);

worker.onmessage = ({ data }: MessageEvent<AnalysisOrder>) => {
  // What is no refusal of the engine's is an error of this worker's, after which the page starts another.
  carryOut(data).catch(reportError);
};

async function carryOut({ kind, snapshot, updates }: AnalysisOrder): Promise<void> {
  if (!isKind(kind)) {
    const kinds = Object.keys(creators).join(', ');
    reply({ type: 'error', message: `KIND: expected one of ${kinds}, got "${kind}"` });
    return;
  }
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
