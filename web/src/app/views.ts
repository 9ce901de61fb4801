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
] as const satisfies readonly View[];

function notLinear({ attention }: Configuration): string | undefined {
  if (attention === 'linear') return undefined;
  return 'Only a model of linear layers can be compressed: for these the two weight products are all there is. Choose a run of linear layers above, such as linear-1 or linear-6.';
}
