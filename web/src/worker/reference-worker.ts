/**
 * Measures the algorithms that a model is compared with, beside the training worker: their line
 * searches take longer than a visitor should wait for the first step.
 */

// The same beside either engine.
import createReferences from '@engine/mesa-references.mjs';
import type { Reference, ReferenceChoice, RunRequest } from './messages';

/** The run, and one algorithm, or without it those that every run is compared with. */
export interface ReferenceQuestion {
  readonly request: RunRequest;
  readonly choice: ReferenceChoice | undefined;
}

/** The algorithms, or why they could not be measured. */
export type ReferenceReply =
  | { readonly references: readonly Reference[] }
  | { readonly error: string; readonly field: string | undefined };

const worker = self as DedicatedWorkerGlobalScope;

const reply = (message: ReferenceReply): void => {
  worker.postMessage(message);
};

worker.onmessage = async ({ data: { request, choice } }: MessageEvent<ReferenceQuestion>) => {
  try {
    const module = await createReferences();
    const comparison = new module.Comparison(request.preset, request.variant, request.overrides);
    const references: Reference[] = choice
      ? [comparison.reference(choice.algorithm, choice.steps, choice.pairs)]
      : comparison.references();
    reply({ references });
  } catch (error) {
    const field = error instanceof Error && 'field' in error ? String(error.field) : undefined;
    reply({ error: error instanceof Error ? error.message : String(error), field });
  }
  worker.close();
};
