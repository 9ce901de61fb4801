import { ProblemError, type Problem, type ProblemParameters } from '../protocol/problem';

/** An error that the engine threw over bad input, as its bindings make it. */
interface EngineError extends Error {
  readonly code: string;
  readonly field: string;
  readonly parameters: ProblemParameters;
}

const isEngineError = (error: unknown): error is EngineError =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && 'parameters' in error;

/** Settings whose sum is too much memory, rather than one of them wrong. */
const memoryCodes = ['too_large', 'out_of_memory'];

/** Why the engine refused something; undefined where it did not refuse but failed. */
export function refusalOf(error: unknown): Problem | undefined {
  if (error instanceof ProblemError) return error.problem;
  if (!isEngineError(error)) return undefined;
  const { code, field, parameters, message } = error;
  return {
    kind: memoryCodes.includes(code) ? 'memory' : 'configuration',
    code,
    parameters,
    message,
    ...(field && { field }),
  };
}
