import type { AnalysisDefinition } from '../definition';
import { probeResult, type ProbeResult } from './result';
import { Findings, Introduction } from './view';

const definition: AnalysisDefinition<ProbeResult> = {
  shape: probeResult,
  Introduction,
  Findings,
};

export default definition;
