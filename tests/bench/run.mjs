// Called by scripts/bench, which explains it. Times training steps of the engine, natively and in tabs, and
// of other libraries, all in turns, and prints the results.
//
// Usage: run.mjs [--peers] [--pytorch] [--json FILE]

import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { bundlePeers } from './bundle.mjs';
import { makeReport, printReport } from './report.mjs';
import { inTurns, median } from './rounds.mjs';
import { ask, startBrowser } from './tabs.mjs';
import { moduleSizes, visitSubjects } from './visits.mjs';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const build = path('../../build');
const rounds = 5;
const tabMilliseconds = 800; // of training in a tab in a round, about
const peakRuns = 50; // of some 15 ms, in a round
const drawingMilliseconds = 300; // for a tab that comes to the front to be drawn

const { values: options } = parseArgs({
  options: {
    peers: { type: 'boolean', default: false },
    pytorch: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});

async function run(command, ...parameters) {
  const { stdout } = await promisify(execFile)(command, parameters, { maxBuffer: 1 << 28 });
  return stdout;
}

const bench = (...parameters) => run(`${build}/native/bench_engine`, ...parameters);

/** The cases that other libraries train too; see fixture.h. */
const peerCases = ['notebook', 'linear-6-k40'];
const inTabs = [
  ...peerCases.map((name) => ({ name, engine: 'relaxed' })),
  ...peerCases.map((name) => ({ name, engine: 'simd128' })),
  ...peerCases.map((name) => ({ name, engine: 'relaxed', workers: 2 })),
  ...['linear-1', 'softmax-1', 'mesa-1'].map((name) => ({ name, engine: 'relaxed' })),
];

/** The native engine; both its long cases take seconds. */
function nativeSubject(cases) {
  const isLong = ({ name }) => name.endsWith('-long');
  const names = (wanted) => cases.filter(wanted).map(({ name }) => name);
  const short = names((benchmark) => !isLong(benchmark));
  const long = names(isLong);
  return async () => {
    const results = [
      JSON.parse(await bench('--json', '--rounds', '3', ...short)),
      JSON.parse(await bench('--json', '--rounds', '1', ...long)),
    ];
    const measured = results.flatMap((result) => result.cases);
    return [
      ['peak/native', results[0].peak],
      ...measured.flatMap(({ name, ms_per_step, batch_ms, optimiser_ms }) => [
        [`native/1/${name}`, ms_per_step],
        [`overhead/${name}`, (batch_ms + optimiser_ms) / ms_per_step],
      ]),
    ];
  };
}

/** The product's page, paused once the references are measured, which another worker does meanwhile. */
async function pageSubject(browser, { name, engine, workers = 1 }, { query, ms_per_step }) {
  const page = await browser.openPage({
    ...query,
    evaluation_interval: 1e6,
    evaluation_sequences: 16,
    engine,
    workers,
  });
  await page.waitForFunction(() => {
    const { problem, means } = window.mesaLab?.state() ?? {};
    if (problem) throw new Error(problem);
    return means?.zero !== undefined;
  });
  // Helpers join while it trains.
  await page.waitForFunction((count) => window.mesaLab.state().workers === count, workers);
  await page.evaluate(() => window.mesaLab.pause());
  await page.bringToFront();
  const train = (steps) => page.evaluate((count) => window.mesaLab.step(count).then(() => {}), steps);
  // Several workers train longer, as one alone does the first steps and the end of a run.
  const duration = workers > 1 ? 4 * tabMilliseconds : tabMilliseconds;
  const steps = Math.ceil((workers * duration) / (2 * ms_per_step));
  // Three calls, since a browser recompiles slow code between calls.
  for (let i = 0; i < 3; ++i) await train(Math.ceil(steps / 3));
  return async () => {
    await page.bringToFront();
    // Drawing would take part of a core that two workers need.
    await page.waitForTimeout(drawingMilliseconds);
    const { milliseconds, elapsed } = await browser.time(() => train(steps));
    return [
      // Workers compute at the same time.
      [`${engine}/${workers}/${name}`, (workers > 1 ? elapsed : milliseconds) / steps],
      [`elapsed/${engine}/${workers}/${name}`, elapsed / steps],
    ];
  };
}

async function peakSubject(browser, engine) {
  const page = await browser.openWorker('peak-worker.mjs', { engine });
  for (let i = 0; i < 3; ++i) await ask(page, 1);
  return async () => {
    const { result, milliseconds } = await browser.time(() => ask(page, peakRuns));
    return [[`peak/${engine}`, (1e-6 * result) / milliseconds]];
  };
}

async function peerSubject(browser, library, name) {
  const page = await browser.openWorker('peer-worker.mjs', { library, fixture: `/build/bench/${name}.json` });
  return async () => [[`${library}/${name}`, (await browser.time(() => ask(page, 1))).milliseconds]];
}

function pytorchSubject() {
  const fixtures = peerCases.map((name) => `${build}/bench/${name}.json`);
  return async () => {
    // Debian's Python, which has its PyTorch.
    const times = JSON.parse(await run('/usr/bin/python3', path('peers/pytorch_peer.py'), '3', ...fixtures));
    return Object.entries(times).map(([name, milliseconds]) => [`pytorch/${name}`, median(milliseconds)]);
  };
}

async function makeSubjects(browser, cases) {
  const subjects = [nativeSubject(cases)];
  for (const engine of ['relaxed', 'simd128']) subjects.push(await peakSubject(browser, engine));
  for (const tab of inTabs) {
    const benchmark = cases.find(({ name }) => name === tab.name);
    subjects.push(await pageSubject(browser, tab, benchmark));
  }
  if (options.pytorch) subjects.push(pytorchSubject());
  if (options.peers) {
    for (const library of ['tensorflow', 'jax']) {
      for (const name of peerCases) subjects.push(await peerSubject(browser, library, name));
    }
  }
  return subjects;
}

await mkdir(`${build}/bench`, { recursive: true });
if (options.peers) await bundlePeers();
if (options.peers || options.pytorch) {
  for (const name of peerCases)
    await writeFile(`${build}/bench/${name}.json`, await bench('--fixture', name));
}
const { cases } = JSON.parse(await bench('--json', '--rounds', '1'));
const browser = await startBrowser();
try {
  const medians = new Map([
    ...(await inTurns(rounds, visitSubjects(browser))),
    ...(await inTurns(rounds, await makeSubjects(browser, cases))),
    ...moduleSizes(`${build}/wasm`),
  ]);
  const machine = `${cpus()[0].model}, ${cpus().length} threads; Chromium ${browser.version}`;
  const report = makeReport(machine, cases, medians);
  printReport(report);
  if (options.json) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
} finally {
  await browser.close();
}
