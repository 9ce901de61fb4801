// Turns the medians into rates, ratios to the peak, and ratios with their goals. The medians' keys are
// `peak/ENGINE` in GFLOP/s; `ENGINE/WORKERS/CASE` and `LIBRARY/CASE` in milliseconds of processor time per
// step (of elapsed time with several workers); `elapsed/ENGINE/WORKERS/CASE`, the elapsed time in a tab;
// `overhead/CASE`, the ratio of batch and AdamW to a native step; `visit/WHAT`, a visitor's wait in
// milliseconds; `task/visit/WHAT`, the page's longest task meanwhile; and `bytes/MODULE`, a module's
// compressed size.

import { moduleNames, mostBytes } from '../engines/load-module.mjs';

const engines = ['native', 'relaxed', 'simd128'];
const libraryNames = { tensorflow: 'TensorFlow.js', jax: 'jax-js', pytorch: 'PyTorch' };

/** How many times as fast as another library an engine has to be, for each case. */
const speedGoals = {
  notebook: {
    relaxed: { tensorflow: 25, pytorch: 2.2 },
    simd128: { tensorflow: 16, pytorch: 1.4 },
    native: { pytorch: 4 },
  },
  'linear-6-k40': {
    relaxed: { tensorflow: 30, pytorch: 2.1 },
    simd128: { tensorflow: 16, pytorch: 1.4 },
    native: { pytorch: 4 },
  },
};

/** Every ratio with a goal, as [name, numerator's key, denominator's key, bound]. */
const ratiosAtLeast = Object.entries(speedGoals).flatMap(([name, goals]) => [
  ...Object.entries(goals).flatMap(([engine, bounds]) =>
    Object.entries(bounds).map(([library, bound]) => [
      `${name}: ${libraryNames[library]} / ${engine}`,
      `${library}/${name}`,
      `${engine}/1/${name}`,
      bound,
    ]),
  ),
  [`${name}: one worker / two workers`, `elapsed/relaxed/1/${name}`, `elapsed/relaxed/2/${name}`, 1.85],
]);
const ratiosAtMost = [
  ...['native', 'relaxed'].flatMap((engine) => [
    [`${engine}: mesa-1 / linear-1`, `${engine}/1/mesa-1`, `${engine}/1/linear-1`, 2.5],
    [`${engine}: softmax-1 / linear-1`, `${engine}/1/softmax-1`, `${engine}/1/linear-1`, 1.6],
  ]),
  // Steps of both have as many tokens.
  ['native: linear-1, T 3200 / T 50', 'native/1/linear-1-long', 'native/1/linear-1', 1.3],
  ['native: mesa-1, T 3200 / T 50', 'native/1/mesa-1-long', 'native/1/mesa-1', 1.3],
];
/** [name, key, bound, unit] of values with an upper bound. */
const limitRows = [
  ['first step after navigation', 'visit/first step', 300, 'ms'],
  ['linear-1 below 0.90 after navigation', 'visit/linear-1 below 0.90', 2000, 'ms'],
  ['linear-6 below 0.225 after navigation', 'visit/linear-6 below 0.225', 20_000, 'ms'],
  ['longest task of the page, linear-1', 'task/visit/linear-1 below 0.90', 50, 'ms'],
  ['longest task of the page, linear-6', 'task/visit/linear-6 below 0.225', 50, 'ms'],
  ...moduleNames.map((name) => [`mesa-${name}.wasm, compressed`, `bytes/${name}`, mostBytes[name], 'bytes']),
];
const leastShareOfPeak = 0.85; // of the relaxed engine
const mostOverhead = 0.08;

function caseRecord({ name, operations, executed_operations }, engine, workers, medians) {
  const milliseconds = medians.get(`${engine}/${workers}/${name}`);
  if (milliseconds === undefined) return [];
  const executed = executed_operations && (1e-6 * executed_operations) / milliseconds;
  return [
    {
      name,
      where: engine === 'native' ? 'native' : 'tab',
      engine,
      workers,
      ms_per_step: milliseconds,
      ms_elapsed: medians.get(`elapsed/${engine}/${workers}/${name}`),
      gflops: (1e-6 * operations) / milliseconds,
      gflops_executed: executed,
      fraction_of_peak: executed && executed / (workers * medians.get(`peak/${engine}`)),
    },
  ];
}

function ratioRecords(cases, medians) {
  const ratio = ([name, numerator, denominator, bound], goal) => {
    const value = medians.get(numerator) / medians.get(denominator);
    return Number.isNaN(value) ? [] : [{ name, value, [goal]: bound }];
  };
  const relaxedShares = cases.filter(
    ({ name, engine, workers }) => name in speedGoals && engine === 'relaxed' && workers === 1,
  );
  return [
    ...ratiosAtLeast.flatMap((entry) => ratio(entry, 'at_least')),
    ...ratiosAtMost.flatMap((entry) => ratio(entry, 'at_most')),
    ...relaxedShares.map(({ name, fraction_of_peak }) => ({
      name: `${name}: relaxed / peak in a tab`,
      value: fraction_of_peak,
      at_least: leastShareOfPeak,
    })),
    ...Object.keys(speedGoals).map((name) => ({
      name: `${name}: batch and AdamW / native step`,
      value: medians.get(`overhead/${name}`),
      at_most: mostOverhead,
    })),
  ];
}

/** The whole report, as it is written to JSON. */
export function makeReport(machine, cases, medians) {
  const records = [1, 2].flatMap((workers) =>
    engines.flatMap((engine) =>
      cases.flatMap((benchmark) => caseRecord(benchmark, engine, workers, medians)),
    ),
  );
  const peers = Object.keys(libraryNames).flatMap((library) =>
    Object.keys(speedGoals).flatMap((name) => {
      const milliseconds = medians.get(`${library}/${name}`);
      return milliseconds === undefined
        ? []
        : [{ name: libraryNames[library], case: name, ms_per_step: milliseconds }];
    }),
  );
  return {
    machine,
    peak: Object.fromEntries(engines.map((engine) => [engine, medians.get(`peak/${engine}`)])),
    cases: records,
    peers,
    ratios: Object.fromEntries(ratioRecords(records, medians).map(({ name, ...ratio }) => [name, ratio])),
    limits: Object.fromEntries(
      limitRows.map(([name, key, bound, unit]) => [name, { value: medians.get(key), at_most: bound, unit }]),
    ),
  };
}

function printTable(header, rows) {
  const table = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...table.map((row) => row[column].length)));
  for (const row of table) {
    // Names are aligned left, numbers right.
    const cells = row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])));
    console.log(cells.join('  ').trimEnd());
  }
  console.log();
}

const percent = (share) => (share === null ? '' : `${(100 * share).toFixed(0)}%`);
const rate = (gflops) => (gflops === null ? '' : gflops.toFixed(1));

export function printReport({ machine, peak, cases, peers, ratios, limits }) {
  console.log(`${machine}\n`);
  const peaks = engines.map((engine) => `${engine} ${peak[engine].toFixed(1)}`);
  console.log(`Multiply-add peak of a thread, GFLOP/s: ${peaks.join(', ')}\n`);
  printTable(
    ['training step', 'engine', 'workers', 'ms', 'elapsed', 'GFLOP/s', 'executed', 'of peak'],
    [
      ...cases.map((c) => [
        c.name,
        c.engine,
        String(c.workers),
        c.ms_per_step.toFixed(1),
        c.ms_elapsed?.toFixed(1) ?? '',
        rate(c.gflops),
        rate(c.gflops_executed),
        percent(c.fraction_of_peak),
      ]),
      ...peers.map((p) => [p.case, p.name, '', p.ms_per_step.toFixed(1), '', '', '', '']),
    ],
  );
  const verdict = ({ value, at_least, at_most }) =>
    value >= (at_least ?? -Infinity) && value <= (at_most ?? Infinity) ? '' : 'missed';
  printTable(
    ['ratio', 'measured', 'goal', ''],
    Object.entries(ratios).map(([name, ratio]) => [
      name,
      ratio.value.toFixed(2),
      ratio.at_least === undefined ? `<= ${ratio.at_most}` : `>= ${ratio.at_least}`,
      verdict(ratio),
    ]),
  );
  printTable(
    ['limit', 'measured', 'goal', 'unit', ''],
    Object.entries(limits).map(([name, limit]) => [
      name,
      limit.value.toFixed(0),
      `<= ${limit.at_most}`,
      limit.unit,
      verdict(limit),
    ]),
  );
}
