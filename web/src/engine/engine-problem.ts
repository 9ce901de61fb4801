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

/** Browsers have different words for having no more memory to give. */
export const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && /out of memory|allocat/i.test(error.message);

/** Why the engine refused something; undefined where it did not refuse but failed. */
export function refusalOf(error: unknown): Problem | undefined {
  if (error instanceof ProblemError) return error.problem;
  if (!isEngineError(error)) {
    if (!isOutOfMemory(error)) return undefined;
    return { kind: 'memory', code: 'out_of_memory', parameters: {}, message: 'there is no more memory' };
  }
  const { code, field, parameters, message } = error;
  return {
    kind: memoryCodes.includes(code) ? 'memory' : 'configuration',
    code,
    parameters,
    message,
    ...(field && { field }),
  };
}
