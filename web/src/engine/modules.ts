// Both with the worker, rather than the one that will do after another wait for the server: they are small.
import createRelaxed from '@engine/mesa-relaxed.mjs';
import createSimd128, { type MainModule } from '@engine/mesa-simd128.mjs';
import { ProblemError, type ProblemKind } from '../protocol/problem';
import type { EngineName, RunSpec } from '../protocol/run-spec';
import { isOutOfMemory } from './engine-problem';
import { hasRelaxedSimd, hasSimd } from './wasm-features';

export type Experiment = InstanceType<MainModule['Experiment']>;

export interface LoadedEngine {
  readonly name: EngineName;
  readonly module: MainModule;
}

function refuse(kind: ProblemKind, code: string, message: string, field?: string): never {
  throw new ProblemError({ kind, code, parameters: {}, message, ...(field !== undefined && { field }) });
}

function choose(choice: RunSpec['engine']): EngineName {
  if (typeof WebAssembly !== 'object') {
    refuse('unsupported', 'no_webassembly', 'this browser has no WebAssembly, or it is switched off');
  }
  if (!hasSimd())
    refuse('unsupported', 'no_simd', 'this browser has no WebAssembly SIMD, which the engine needs');
  if (choice === 'auto') return hasRelaxedSimd() ? 'relaxed' : 'simd128';
  if (choice === 'relaxed' && !hasRelaxedSimd()) {
    refuse(
      'configuration',
      'no_relaxed_simd',
      'engine: this browser has no relaxed SIMD; simd128 runs here',
      'engine',
    );
  }
  return choice;
}

/** What was loaded is kept; what failed to load is asked for again the next time. */
class Loader {
  private readonly loaded = new Map<string, Promise<unknown>>();

  load<Module>(name: string, create: () => Promise<Module>): Promise<Module> {
    const found = this.loaded.get(name) as Promise<Module> | undefined;
    if (found) return found;
    const loading = create().catch((error: unknown) => {
      this.loaded.delete(name);
      throw unloadable(name, error);
    });
    this.loaded.set(name, loading);
    return loading;
  }
}

function unloadable(name: string, error: unknown): ProblemError {
  const reason = error instanceof Error ? error.message : String(error);
  const memory = isOutOfMemory(error);
  return new ProblemError({
    kind: memory ? 'memory' : 'unavailable',
    code: memory ? 'out_of_memory' : 'module_missing',
    parameters: { module: name, reason },
    message: `the module ${name} could not be loaded: ${reason}`,
  });
}

const loader = new Loader();

export async function loadEngine(choice: RunSpec['engine']): Promise<LoadedEngine> {
  const name = choose(choice);
  const module = await loader.load(name, name === 'relaxed' ? createRelaxed : createSimd128);
  return { name, module };
}

/** The module of the reference algorithms and all analyses. */
export const loadAnalyses = () =>
  loader.load('analyses', async () => (await import('@engine/mesa-analyses.mjs')).default());
