import type { AnalysisDefinition } from '../definition';
import { say } from './messages';
import { promptResult, type PromptResult } from './result';
import { Findings, Introduction } from './view';

const definition: AnalysisDefinition<PromptResult> = {
  shape: promptResult,
  order: () => say('order'),
  Introduction,
  Findings,
};

export default definition;
