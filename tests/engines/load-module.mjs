import { readFileSync } from 'node:fs';

export const build = new URL('../../build/', import.meta.url);

/**
 * All that the page loads, and at most so many bytes of each: of what trains, which a visitor waits for, and of what comes
 * later.
 */
export const mostBytes = { simd128: 70e3, relaxed: 70e3, analyses: 150e3 };
export const moduleNames = Object.keys(mostBytes);

export const wasmOf = (name) => readFileSync(new URL(`wasm/mesa-${name}.wasm`, build));

/** A new instance of a module made for browsers: it asks `self` where it is, and gets its binary from us. */
export async function loadModule(name) {
  globalThis.self ??= globalThis;
  globalThis.location ??= { href: build.href };
  const { default: createModule } = await import(new URL(`wasm/mesa-${name}.mjs`, build));
  return createModule({ wasmBinary: wasmOf(name) });
}
