/**
 * Shares the steps of a run with the training worker and its other helpers: see shared-step.ts. Once it has
 * joined it goes from step to step by itself, held back only by the sums of the others.
 */

import type { Experiment } from '@engine/mesa-simd128.mjs';
import { numberSetting } from './configuration';
import { loadEngine } from './engine-loader';
import { Line } from './line';
import type { RunRequest } from './messages';
import { takeSharedStep } from './shared-step';

export type TrainingState = ReturnType<Experiment['trainingState']>;

export type HelperOrder =
  | { readonly type: 'open'; readonly request: RunRequest }
  /** From this state on, sum this share. The ports lead to the members with the other shares, in order. */
  | {
      readonly type: 'join';
      readonly state: TrainingState;
      readonly share: number;
      readonly ports: readonly MessagePort[];
    };

const worker = self as DedicatedWorkerGlobalScope;

let experiment: Promise<Experiment>;
let lines: readonly Line[] = [];

worker.onmessage = ({ data }: MessageEvent<HelperOrder>) => {
  // An error thrown by a task reaches the training worker; a promise's rejection would not.
  carryOut(data).catch(reportError);
};

async function carryOut(order: HelperOrder): Promise<void> {
  if (order.type === 'open') {
    experiment = openRun(order.request);
    await experiment;
    worker.postMessage('ready');
  } else {
    for (const line of lines) line.close();
    lines = order.ports.map((port) => new Line(port));
    await takeSteps(await experiment, order.state, order.share, lines);
  }
}

async function openRun({ engine, preset, variant, overrides }: RunRequest): Promise<Experiment> {
  const { module } = await loadEngine(engine);
  return new module.Experiment(preset, variant, overrides);
}

/** Does not end: once the lines are closed it waits for ever, and nothing refers to it. */
async function takeSteps(
  run: Experiment,
  state: TrainingState,
  share: number,
  toOthers: readonly Line[],
): Promise<void> {
  const evaluationInterval = numberSetting(run.config(), 'evaluation_interval');
  run.setTrainingState(state);
  for (;;) {
    const { step } = await takeSharedStep(run, share, toOthers);
    // The training worker has share 0, so it is at the end of the first line.
    if (step % evaluationInterval === 0) {
      toOthers[0]?.send(run.lossSums(share, toOthers.length + 1));
    }
  }
}
