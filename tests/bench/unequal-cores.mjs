// Times a step on unequal cores: the training threads of a tab are pinned, each to its own core, one of which
// a busy loop may share; or there are three for two cores. Everything takes turns. Only for Linux, as it pins
// threads. Called by scripts/bench --unequal.

import { execFile, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { inTurns } from './rounds.mjs';
import { startBrowser } from './tabs.mjs';

const run = promisify(execFile);
const rounds = 7;
const presets = ['notebook', 'linear-1', 'linear-6'];
const measuredMilliseconds = 2500;
const drawingMilliseconds = 300;

/** The threads of the tabs' workers, each with the processor time it has used, in nanoseconds. */
async function workerThreads(devtools) {
  const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
  const threads = new Map();
  for (const { id, type } of processInfo) {
    if (type !== 'renderer') continue;
    for (const thread of await readdir(`/proc/${id}/task`)) {
      const name = await readFile(`/proc/${id}/task/${thread}/comm`, 'utf8').catch(() => '');
      if (!name.startsWith('DedicatedWorker')) continue;
      const counters = await readFile(`/proc/${id}/task/${thread}/schedstat`, 'utf8').catch(() => '0');
      threads.set(thread, Number.parseInt(counters));
    }
  }
  return threads;
}

/** The threads that compute while `work` runs, busiest first. */
async function busiest(devtools, work) {
  const before = await workerThreads(devtools);
  await work();
  const after = await workerThreads(devtools);
  const spent = [...after].map(([thread, time]) => [thread, time - (before.get(thread) ?? 0)]);
  return spent.sort((one, other) => other[1] - one[1]).map(([thread]) => thread);
}

/** In the page: sets the number of cores, which is that of the workers. */
function pretendCores(count) {
  Object.defineProperty(navigator, 'hardwareConcurrency', { value: count });
}

const pin = (thread, core) => run('taskset', ['-p', '-c', core, thread]);

/**
 * A tab that trains with up to so many workers. Resolves with its threads and a function that times it, in
 * milliseconds per step.
 */
async function openTab(browser, preset, workers) {
  const query = {
    preset,
    ...(workers === 1 && { workers }),
    engine: 'relaxed',
    evaluation_interval: 1e6,
    evaluation_sequences: 16,
  };
  const page = await browser.openPage(query, (tab) => tab.runEarly(pretendCores, workers));
  await page.waitForFunction(() => window.mesaLab?.state().means.zero !== undefined);
  await page.evaluate(() => window.mesaLab.pause());
  await page.bringToFront();
  const train = (steps) => page.evaluate((count) => window.mesaLab.step(count).then(() => {}), steps);
  while ((await page.evaluate(() => window.mesaLab.state().workers)) < workers) await train(5);
  const time = async (steps) => {
    const start = performance.now();
    await train(steps);
    return (performance.now() - start) / steps;
  };
  await time(10);
  const steps = Math.ceil(measuredMilliseconds / (await time(10)));
  const devtools = browser.devtools;
  const threads = (await busiest(devtools, () => train(steps))).slice(0, workers);
  return {
    threads,
    measure: async () => {
      await page.bringToFront();
      await page.waitForTimeout(drawingMilliseconds);
      return time(steps);
    },
  };
}

/** Keeps a core busy until the returned function is called. */
async function occupy(core) {
  const loop = spawn('taskset', ['-c', core, process.execPath, '-e', 'for (;;);'], { stdio: 'ignore' });
  return () => loop.kill('SIGKILL');
}

const browser = await startBrowser();
try {
  for (const preset of presets) {
    const tabs = {};
    for (const workers of [1, 2, 3]) tabs[workers] = await openTab(browser, preset, workers);
    const measured = async (key, workers, cores, busy) => {
      for (const [index, core] of cores.entries()) await pin(tabs[workers].threads[index], core);
      const release = busy ? await occupy('1') : () => {};
      try {
        return [[key, await tabs[workers].measure()]];
      } finally {
        release();
      }
    };
    const medians = await inTurns(rounds, [
      () => measured('one', 1, ['0'], false),
      () => measured('one beside a busy core', 1, ['0'], true),
      () => measured('two, one core shared', 2, ['0', '1'], true),
      () => measured('two', 2, ['0,1', '0,1'], false),
      // Workers beyond the number of cores come and go with the work.
      () => measured('three', 3, [], false),
    ]);
    const times = Object.fromEntries(medians);
    const ratio = (one, other) => (times[one] / times[other]).toFixed(2);
    console.log(
      preset,
      Object.fromEntries(Object.entries(times).map(([key, time]) => [key, time.toFixed(2)])),
    );
    console.log(`  one over two with one core shared: ${ratio('one', 'two, one core shared')} (goal 1.35)`);
    console.log(`  one over two: ${ratio('one', 'two')}`);
    console.log(`  three over two: ${ratio('three', 'two')} (goal at most 1.05)`);
  }
} finally {
  await browser.close();
}
