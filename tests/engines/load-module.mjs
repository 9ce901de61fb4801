import { readFileSync } from 'node:fs';

export const build = new URL('../../build/', import.meta.url);

/** The most compressed bytes of each module of the page: those that train, which a visitor waits for, and the later one. */
export const mostBytes = { simd128: 70e3, relaxed: 70e3, analyses: 150e3 };
export const moduleNames = Object.keys(mostBytes);

export const wasmOf = (name) => readFileSync(new URL(`wasm/mesa-${name}.wasm`, build));

/** A new instance of a module made for browsers, which reads its place from `self` and is given its binary. */
export async function loadModule(name) {
  globalThis.self ??= globalThis;
  globalThis.location ??= { href: build.href };
  const { default: createModule } = await import(new URL(`wasm/mesa-${name}.mjs`, build));
  return createModule({ wasmBinary: wasmOf(name) });
}
