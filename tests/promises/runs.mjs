// Runs `mesa` and keeps the results in build/runs, for the checks of promises and of the paper's claims.
//
//   node CHECK.mjs [--seeds 1,2,3] [--only name,...] [--keep]
//
// --keep reuses the results of an earlier, unfinished call.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = new URL('../../', import.meta.url);
const executable = fileURLToPath(new URL('build/native/mesa', root));
const results = new URL('build/runs/', root);
mkdirSync(results, { recursive: true });

const { values: options } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1,2,3' },
    only: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});
export const seeds = options.seeds.split(',').map(Number);
/** Whether this name was asked for; all are if none was given. */
export const isWanted = (name) => !options.only || options.only.split(',').includes(name);
export const wantsAll = !options.only;

const pathOf = (file) => fileURLToPath(new URL(file, results));
const settingOptions = (settings) =>
  Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
const nameOf = (...parts) =>
  parts
    .flatMap((part) => (typeof part === 'object' ? Object.entries(part).map(([k, v]) => `${k}=${v}`) : part))
    .join('.');

export const mesa = (...commandArguments) => execFileSync(executable, commandArguments, { encoding: 'utf8' });

const made = new Set();

/** The JSON of one call of `mesa`, kept under `name` and computed at most once per run. */
function result(name, commandArguments) {
  const file = pathOf(`${name}.json`);
  if (!made.has(name) && !(options.keep && existsSync(file))) {
    console.error(name);
    // It gets its name when complete, so that an interrupted result is not kept.
    const part = `${file}.part`;
    execFileSync(executable, [...commandArguments, '--out', part], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    renameSync(part, file);
  }
  made.add(name);
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** The result of a quick run evaluated at its end; its checkpoint is kept beside it. */
export function train(preset, seed, settings = {}) {
  // Enough for the mean to half a per cent; a long sequence tells more than a short one.
  const sequences = preset.startsWith('few-shot') ? 4096 : 16384;
  const name = nameOf(preset, settings, seed);
  return result(name, [
    ...['train', '--preset', preset, '--variant', 'quick', '--seed', seed, '--quiet'],
    ...settingOptions({ evaluation_interval: 100000, evaluation_sequences: sequences, ...settings }),
    ...['--checkpoint', pathOf(`${name}.mesa`)],
  ]);
}

/** The result of an analysis of train()'s model; `more` settings apply to its sequences only. */
export function analyze(kind, preset, seed, settings = {}, more = {}) {
  train(preset, seed, settings);
  const name = nameOf(preset, settings, seed);
  return result(nameOf(name, kind, more), [
    ...['analyze', kind, '--quiet', '--checkpoint', pathOf(`${name}.mesa`), ...settingOptions(more)],
  ]).result;
}

/** A tuned reference algorithm on the sequences of a preset. */
export function reference(algorithm, steps, preset, seed) {
  return result(nameOf(algorithm, String(steps), preset, seed), [
    ...['reference', '--preset', preset, '--algorithm', algorithm, '--steps', steps, '--seed', seed],
  ]);
}

export const across = (values, digits = 4) => values.map((value) => value.toFixed(digits)).join(', ');
