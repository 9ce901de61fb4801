import type { AnalysisDefinition } from '../definition';
import { bindingResult, type BindingResult } from './result';
import { Findings, Introduction } from './view';

const definition: AnalysisDefinition<BindingResult> = {
  shape: bindingResult,
  Introduction,
  Findings,
};

export default definition;
