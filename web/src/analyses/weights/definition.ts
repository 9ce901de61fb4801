import type { AnalysisDefinition } from '../definition';
import { weightsResult, type WeightsResult } from './result';
import { Findings, Introduction } from './view';

const definition: AnalysisDefinition<WeightsResult> = {
  shape: weightsResult,
  Introduction,
  Findings,
};

export default definition;
