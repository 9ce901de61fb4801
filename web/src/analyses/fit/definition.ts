import type { AnalysisDefinition } from '../definition';
import { fitResult, type FitResult } from './result';
import { Findings, Introduction } from './view';

const definition: AnalysisDefinition<FitResult> = {
  shape: fitResult,
  Introduction,
  Findings,
};

export default definition;
