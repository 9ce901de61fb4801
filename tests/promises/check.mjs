// Trains every quick preset under three seeds, checks that they keep their promises and compare as the paper
// says, and writes the table of results. Slow: only `scripts/test promises` runs it. Options: see runs.mjs.

import { writeFileSync } from 'node:fs';
import { across, isWanted, mesa, reference, seeds, train, wantsAll } from './runs.mjs';

const table = new URL('results.md', import.meta.url);

/** [{ name, steps, promisedLoss }] for all presets with a quick variant, or for those asked for. */
const presets = [...mesa('list').matchAll(/^(\S+).*\n +quick +(\d+) steps, reaches a loss of ([\d.]+)$/gm)]
  .map(([, name, steps, promisedLoss]) => ({ name, steps, promisedLoss: Number(promisedLoss) }))
  .filter(({ name }) => isWanted(name));
const runs = new Map(presets.map(({ name }) => [name, seeds.map((seed) => train(name, seed))]));

const failures = [];
function check(holds, claim) {
  if (!holds) failures.push(claim);
}

const loss = (run, name = 'model') => run.evaluation.mean[name];

for (const { name, promisedLoss } of presets) {
  for (const [i, run] of runs.get(name).entries()) {
    const reached = `${name}, seed ${seeds[i]}: ${loss(run).toFixed(4)}`;
    check(loss(run) <= promisedLoss, `${reached}, but it promises ${promisedLoss}`);
    check(run.training.stopped === undefined, `${reached}, but it stopped: ${run.training.stopped}`);
  }
}

/** The paper's claims of how the presets compare: [claim, presets, check of their runs under one seed]. */
const claims = [
  ['linear-2 below linear-1', ['linear-1', 'linear-2'], ([one, two]) => loss(two) < loss(one)],
  ['linear-4 below linear-2', ['linear-2', 'linear-4'], ([two, four]) => loss(four) < loss(two)],
  ['linear-6 below linear-4', ['linear-4', 'linear-6'], ([four, six]) => loss(six) < loss(four)],
  ['mesa-1 below linear-6', ['linear-6', 'mesa-1'], ([six, mesaLayer]) => loss(mesaLayer) < loss(six)],
  [
    'transformer-7 within 20% of Proposition 2 with 7 Chebyshev steps',
    ['transformer-7'],
    ([run], seed) => loss(run) <= 1.2 * reference('chebyshev', 7, 'transformer-7', seed).mean,
  ],
  [
    'fixed-linear-1 below 60% of one step of gradient descent',
    ['fixed-linear-1'],
    ([run]) => loss(run) < 0.6 * loss(run, 'gradient_descent'),
  ],
  [
    'partial-hybrid-mesa with D = 40 below D = 10',
    ['partial-hybrid-mesa'],
    ([wide], seed) => loss(wide) < loss(train('partial-hybrid-mesa', seed, { width: 10 })),
  ],
  [
    'nonlinear-hybrid-mesa below least squares on the inputs',
    ['nonlinear-hybrid-mesa'],
    ([run]) => loss(run) < loss(run, 'least_squares'),
  ],
];
const verdicts = claims
  .filter(([, names]) => names.every((name) => runs.has(name)))
  .map(([claim, names, holds]) => {
    const bySeed = seeds.map((seed, i) =>
      holds(
        names.map((name) => runs.get(name)[i]),
        seed,
      ),
    );
    for (const [i, held] of bySeed.entries()) check(held, `${claim}: not under seed ${seeds[i]}`);
    return `| ${claim} | ${bySeed.map((held) => (held ? 'yes' : '**no**')).join(', ')} |`;
  });

/** The mean loss over the positions in each fifth of the sequence. */
function fifths(curve) {
  const size = curve.length / 5;
  return [0, 1, 2, 3, 4].map((i) => {
    const part = curve.slice(Math.round(i * size), Math.round((i + 1) * size));
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}

const rows = presets.map(({ name, steps, promisedLoss }) => {
  const all = runs.get(name);
  const best = all[0].evaluation.mean;
  const references = ['gradient_descent', 'least_squares', ...Object.keys(best).slice(5)];
  const parts = fifths(all[0].evaluation.curves.model);
  const falls = parts.every((part, i) => i === 0 || part < parts[i - 1]);
  return [
    `\`${name}\``,
    steps,
    across(
      all.map(({ seconds }) => seconds),
      0,
    ),
    promisedLoss,
    across(all.map((run) => loss(run))),
    references.map((reference) => best[reference].toFixed(4)).join(' / '),
    across(parts, 3) + (falls ? '' : ' (does not fall throughout)'),
  ];
});

const markdown = `# What the quick presets reach

Written by \`scripts/test promises\`, which trains every quick preset under seeds ${seeds.join(', ')} and checks what is
stated here. Losses are means over all positions of 16384 held-out sequences (few-shot: 4096); seconds are those of the native engine on
the machine that wrote this table, including evaluation and references. References (seed ${seeds[0]}): one step of gradient descent / least
squares / least squares with what the task hides from the model (partially observed: three past points; nonlinear: the true feature).

| preset | steps | seconds | promised loss | loss by seed | references | loss in each fifth of the sequence, seed ${seeds[0]} |
|---|---|---|---|---|---|---|
${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}

| claim | holds, by seed |
|---|---|
${verdicts.join('\n')}
`;
if (wantsAll) writeFileSync(table, markdown);
process.stdout.write(markdown);
for (const failure of failures) console.error(`promise not kept: ${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;
