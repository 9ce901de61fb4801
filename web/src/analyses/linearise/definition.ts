import type { AnalysisDefinition } from '../definition';
import { say } from './messages';
import { lineariseResult, type LineariseResult } from './result';
import { Findings, Introduction } from './view';

const definition: AnalysisDefinition<LineariseResult> = {
  shape: lineariseResult,
  order: () => say('order'),
  Introduction,
  Findings,
};

export default definition;
