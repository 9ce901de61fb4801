import type { AnalysisDefinition } from '../definition';
import { kernelResult, type KernelResult } from './result';
import { Findings, Introduction } from './view';

const definition: AnalysisDefinition<KernelResult> = {
  shape: kernelResult,
  Introduction,
  Findings,
};

export default definition;
