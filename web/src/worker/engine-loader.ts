import type { MainModule as References } from '@engine/mesa-references.mjs';
import type { MainModule } from '@engine/mesa-simd128.mjs';
import type { EngineName } from './messages';
import { hasRelaxedSimd, hasSimd } from './wasm-features';

/** This browser cannot run the engine. */
export class UnsupportedError extends Error {}

/** A setting of the loader's own is wrong. `field` is what the engine's errors call it too. */
class EngineChoiceError extends Error {
  readonly field = 'engine';
}

export interface LoadedEngine {
  readonly name: EngineName;
  readonly module: MainModule;
}

function choose(choice: string): EngineName {
  if (!hasSimd()) {
    throw new UnsupportedError(
      'This browser has no WebAssembly SIMD, which the engine needs. ' +
        'Current Firefox, Chrome and Edge have it, and Safari from 16.4.',
    );
  }
  switch (choice) {
    case 'auto':
      return hasRelaxedSimd() ? 'relaxed' : 'simd128';
    case 'simd128':
      return 'simd128';
    case 'relaxed':
      if (hasRelaxedSimd()) return 'relaxed';
      throw new EngineChoiceError('engine: this browser has no WebAssembly relaxed SIMD; simd128 runs here');
    default:
      throw new EngineChoiceError(`engine: expected auto, relaxed or simd128, got "${choice}"`);
  }
}

const loaded = new Map<EngineName, Promise<MainModule>>();

async function loadModule(name: EngineName): Promise<MainModule> {
  const { default: createModule } = await (name === 'relaxed'
    ? import('@engine/mesa-relaxed.mjs')
    : import('@engine/mesa-simd128.mjs'));
  return createModule();
}

/** Loads an engine; a second time, returns the one that is there. */
export async function loadEngine(choice: string): Promise<LoadedEngine> {
  const name = choose(choice);
  const module = loaded.get(name) ?? loadModule(name);
  loaded.set(name, module);
  return { name, module: await module };
}

/** Loads the reference algorithms, which compute the same beside either engine. */
export async function loadReferences(): Promise<References> {
  const { default: createModule } = await import('@engine/mesa-references.mjs');
  return createModule();
}
