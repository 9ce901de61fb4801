import type { AnalysisDefinition } from '../definition';
import { fewShotResult, type FewShotResult } from './result';
import { Findings, Introduction } from './view';

const definition: AnalysisDefinition<FewShotResult> = {
  shape: fewShotResult,
  Introduction,
  Findings,
};

export default definition;
