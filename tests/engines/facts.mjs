import { readFileSync } from 'node:fs';
import { build } from './load-module.mjs';

/** What the build wrote down of the engine: `fields`, `presets` and `analysisKinds`. Node need not know TypeScript. */
const typescript = readFileSync(new URL('facts/engine-facts.ts', build), 'utf8');
const javascript = typescript.replaceAll('] as const;', '];');
export const { fields, presets, analysisKinds } = await import(
  `data:text/javascript,${encodeURIComponent(javascript)}`
);
