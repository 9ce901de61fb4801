import { ProblemError } from '../protocol/problem';
import type { AnalysisDefinition } from './definition';

interface Module {
  readonly default: AnalysisDefinition;
}

const importFrom = (address: string): Promise<Module> =>
  import(/* @vite-ignore */ address) as Promise<Module>;

/** Browsers name the module that failed to load in their errors, though not all do. */
const addressIn = (error: unknown): string | undefined =>
  error instanceof Error ? /https?:\S+\.js(?=\s|$)/.exec(error.message)?.[0] : undefined;

/**
 * Loads what shows a kind of analysis. For some browsers a module that once failed to load has failed for good; under
 * another address it is asked for again. `attempt` counts from 0.
 */
export async function loadDefinition(
  load: () => Promise<Module>,
  attempt: number,
  loadFrom = importFrom,
): Promise<AnalysisDefinition> {
  try {
    return (await load()).default;
  } catch (error) {
    const address = attempt > 0 ? addressIn(error) : undefined;
    if (address === undefined) throw missing(error);
    const module = await loadFrom(`${address}?attempt=${attempt}`).catch((again: unknown) => {
      throw missing(again);
    });
    return module.default;
  }
}

function missing(error: unknown): ProblemError {
  const reason = error instanceof Error ? error.message : String(error);
  return new ProblemError({
    kind: 'unavailable',
    code: 'script_missing',
    parameters: { reason },
    message: `what shows this analysis could not be loaded: ${reason}`,
  });
}
