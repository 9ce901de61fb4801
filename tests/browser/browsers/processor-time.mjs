// How long a tab computes, which on a busy machine is less than how long one waits for it.

import { readdir, readFile } from 'node:fs/promises';

/**
 * What `work` resolves with, how long it took, and the processor time of the thread in some tab that computed most, in
 * milliseconds. `devtools` is a session with the browser.
 */
export async function timeBusiestThread(devtools, work) {
  const before = await threadTimes(devtools);
  const start = performance.now();
  const result = await work();
  const elapsed = performance.now() - start;
  const after = await threadTimes(devtools);
  const spent = [...after].map(([thread, milliseconds]) => milliseconds - (before.get(thread) ?? 0));
  return { result, milliseconds: Math.max(...spent), elapsed };
}

/** The processor time so far of each thread of the tabs, in milliseconds: as Linux counts it, in its /proc. */
async function threadTimes(devtools) {
  const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
  const times = new Map();
  for (const { id, type } of processInfo) {
    if (type !== 'renderer') continue;
    for (const thread of await readdir(`/proc/${id}/task`)) {
      // A thread may have ended meanwhile. The first number is nanoseconds.
      const counters = await readFile(`/proc/${id}/task/${thread}/schedstat`, 'utf8').catch(() => '0');
      times.set(thread, 1e-6 * Number.parseInt(counters));
    }
  }
  return times;
}
