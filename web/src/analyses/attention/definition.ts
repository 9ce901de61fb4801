import type { AnalysisDefinition } from '../definition';
import { attentionResult, type AttentionResult } from './result';
import { Findings, Introduction } from './view';

const definition: AnalysisDefinition<AttentionResult> = {
  shape: attentionResult,
  Introduction,
  Findings,
};

export default definition;
