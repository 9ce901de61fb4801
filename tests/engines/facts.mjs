import { readFileSync } from 'node:fs';
import { build } from './load-module.mjs';

/** The engine's tables that the build writes: `fields`, `presets` and `analysisKinds`, as JavaScript. */
const typescript = readFileSync(new URL('facts/engine-facts.ts', build), 'utf8');
const javascript = typescript.replaceAll('] as const;', '];');
export const { fields, presets, analysisKinds } = await import(
  `data:text/javascript,${encodeURIComponent(javascript)}`
);
