import { readFileSync } from 'node:fs';
import createSimd128, { type MainModule } from '@engine/mesa-simd128.mjs';
import type { LoadedEngine } from './modules';

/** The engine itself, outside a browser: it asks `self` where it is, and gets its binary from us. */
export async function loadTestEngine(): Promise<LoadedEngine> {
  const build = new URL('../../../build/wasm/', import.meta.url);
  Object.assign(globalThis, { self: globalThis, location: { href: build.href } });
  const module: MainModule = await createSimd128({
    wasmBinary: readFileSync(new URL('mesa-simd128.wasm', build)),
  });
  return { name: 'simd128', module };
}
