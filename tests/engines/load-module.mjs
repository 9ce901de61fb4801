import { readFileSync } from 'node:fs';

export const build = new URL('../../build/', import.meta.url);

/** All that the page loads, at once or when somebody takes a model apart. */
export const moduleNames = ['simd128', 'relaxed', 'analyses'];

export const wasmOf = (name) => readFileSync(new URL(`wasm/mesa-${name}.wasm`, build));

/** A new instance of a module made for browsers: it asks `self` where it is, and gets its binary from us. */
export async function loadModule(name) {
  globalThis.self ??= globalThis;
  globalThis.location ??= { href: build.href };
  const { default: createModule } = await import(new URL(`wasm/mesa-${name}.mjs`, build));
  return createModule({ wasmBinary: wasmOf(name) });
}
