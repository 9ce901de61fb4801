import type { AnalysisKind } from '../analysis/results';
import type { Configuration } from '../worker/configuration';

/** One way to take the model apart. Its name stands in the page's address, but for the first one's. */
export interface View {
  readonly name: AnalysisKind;
  readonly label: string;
  /** Why it makes no sense for a model, if so. */
  readonly misfit?: (configuration: Configuration) => string | undefined;
}

export const views = [
  { name: 'weights', label: 'Weights' },
  { name: 'compress', label: 'Compression', misfit: notLinear },
  { name: 'fit', label: 'One step', misfit: notOneLayer },
  { name: 'probe', label: 'Probes' },
  { name: 'binding', label: 'Binding' },
  { name: 'attention', label: 'Attention' },
  { name: 'few-shot', label: 'Few-shot' },
  { name: 'prompt', label: 'Prompt tuning', misfit: notRaw },
  { name: 'linearise', label: 'Linearise', misfit: notSoftmax },
  { name: 'kernel', label: 'Kernel' },
] as const satisfies readonly View[];

function notLinear({ attention }: Configuration): string | undefined {
  if (attention === 'linear') return undefined;
  return 'Only a model of linear layers can be compressed: in these the two weight products are all there is. Choose such a run above, linear-1 or linear-6 for example.';
}

function notOneLayer({ layers, tokens }: Configuration): string | undefined {
  if (layers === 1 && String(tokens).startsWith('constructed')) return undefined;
  return 'Only a model of one layer, whose tokens hold the current and the previous point, is compared with one step. Choose such a run above, linear-1 for example.';
}

function notRaw({ tokens }: Configuration): string | undefined {
  if (tokens === 'raw') return undefined;
  return 'Only a model that reads the bare points can be given a prompt. Choose such a run above, few-shot-hybrid-mesa for example.';
}

function notSoftmax({ attention }: Configuration): string | undefined {
  if (String(attention).includes('softmax')) return undefined;
  return 'This model has no softmax layer that could be made linear. Choose a run with one above, softmax-2 for example.';
}
