/** What can go wrong, as a code and parameters that a catalogue turns into words. */

/**
 * - `configuration`: the engine refuses a setting
 * - `memory`: the run needs more memory than there is
 * - `unsupported`: this browser cannot run the engine
 * - `unavailable`: a script or a module did not arrive
 * - `diverged`: training went astray and was stopped at the last good state
 * - `lost`: a worker threw or fell silent
 */
export type ProblemKind = 'configuration' | 'memory' | 'unsupported' | 'unavailable' | 'diverged' | 'lost';

export type ProblemParameters = Readonly<Record<string, number | string | readonly string[]>>;

export interface Problem {
  readonly kind: ProblemKind;
  /** Of the engine's errors their code: `out_of_range`, `unknown_name`, ...; otherwise one of this page's. */
  readonly code: string;
  /** The setting at fault, where there is one. */
  readonly field?: string;
  readonly parameters: ProblemParameters;
  /** In English, for programs and logs. */
  readonly message: string;
}

/** A problem on its way through promises. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
    this.name = 'ProblemError';
  }
}

/** What an unexpected error amounts to: somebody's code threw. */
export function problemOf(error: unknown, kind: ProblemKind = 'lost', code = 'threw'): Problem {
  if (error instanceof ProblemError) return error.problem;
  const message = error instanceof Error ? error.message : String(error);
  return { kind, code, parameters: { reason: message }, message };
}
