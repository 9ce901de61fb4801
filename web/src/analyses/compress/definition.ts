import type { AnalysisDefinition } from '../definition';
import { compressResult, type CompressResult } from './result';
import { Findings, Introduction } from './view';

const definition: AnalysisDefinition<CompressResult> = {
  shape: compressResult,
  Introduction,
  Findings,
};

export default definition;
