// Applies the breaks of list.mjs to a copy of the sources, one at a time, and counts how many the native unit tests
// catch: a test that fails, crashes or hangs catches the break. Only `scripts/test mutations` runs it, as it is slow.
// Arguments select the breaks whose name or file contains one of them.

import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mutations } from './list.mjs';

const leastCaught = 0.95;
const root = fileURLToPath(new URL('../..', import.meta.url));
const source = join(root, 'build/mutations/source');
const build = join(root, 'build/mutations/native');
const tests = join(build, 'unit_tests');

/** Makes the copy the same again, but leaves what is the same as it is, so that it is not compiled anew. */
function copySources(path) {
  const from = join(root, path);
  const to = join(source, path);
  if (statSync(from).isDirectory()) {
    const names = readdirSync(from).filter((name) => name !== 'node_modules');
    mkdirSync(to, { recursive: true });
    for (const name of readdirSync(to))
      if (!names.includes(name)) rmSync(join(to, name), { recursive: true });
    for (const name of names) copySources(join(path, name));
  } else if (!existsSync(to) || !readFileSync(from).equals(readFileSync(to))) {
    mkdirSync(dirname(to), { recursive: true });
    cpSync(from, to);
  }
}

/** What the compiler says if it refuses. */
function compile() {
  const made = spawnSync('cmake', ['--build', build, '--target', 'unit_tests'], { encoding: 'utf8' });
  return made.status === 0 ? undefined : made.stdout.slice(-2000);
}

/** The test that notices something, if any. Those that are named after the folder of the break go first. */
function noticedBy(folder, seconds) {
  for (const tests of [`[${folder}]`, `~[${folder}]`]) {
    const failing = firstFailing(tests, seconds);
    if (failing) return failing;
  }
  return undefined;
}

function firstFailing(selection, seconds) {
  const run = spawnSync(tests, [selection, '--abort', '--reporter', 'xml'], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 1000 * seconds,
    killSignal: 'SIGKILL',
  });
  if (run.status === 0) return undefined;
  const begun = [...run.stdout.matchAll(/<TestCase name="([^"]*)"/g)].at(-1);
  const name = (begun?.[1] ?? 'the start').replaceAll('&apos;', "'").replaceAll('&quot;', '"');
  if (run.error?.code === 'ETIMEDOUT') return `${name} (does not end)`;
  return run.signal ? `${name} (${run.signal})` : name;
}

const words = process.argv.slice(2);
const wanted = mutations.filter(
  ({ name, file }) => words.length === 0 || words.some((word) => name.includes(word) || file.includes(word)),
);
const misplaced = wanted.filter(
  ({ file, text }) => readFileSync(join(root, file), 'utf8').split(text).length !== 2,
);
for (const { file, name } of misplaced) console.error(`${file}: "${name}" is not to be found, or not once`);
if (misplaced.length > 0 || wanted.length === 0) process.exit(1);

for (const path of ['CMakeLists.txt', 'src', 'tests']) copySources(path);
const options = ['-S', source, '-B', build, '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=Release'];
execFileSync('cmake', options, { stdio: 'ignore' });
const refused = compile();
if (refused) throw new Error(`the engine as it is does not compile:\n${refused}`);
const begun = Date.now();
const failing = firstFailing('~[.]', 3600);
if (failing) throw new Error(`the engine as it is fails "${failing}"`);
const patience = 30 + (3 * (Date.now() - begun)) / 1000;

let caught = 0;
let errors = 0;
for (const { file, text, broken, name } of wanted) {
  const copy = join(source, file);
  const whole = readFileSync(copy, 'utf8');
  writeFileSync(
    copy,
    whole.replace(text, () => broken),
  );
  const problem = compile();
  const by = problem ? undefined : noticedBy(file.split('/')[1], patience);
  writeFileSync(copy, whole);
  if (problem) errors += 1;
  else if (by) caught += 1;
  const verdict = problem ? 'DOES NOT COMPILE' : by ? 'caught  ' : 'SURVIVED';
  console.log(`${verdict} ${file}: ${name}${by ? ` -- by "${by}"` : ''}${problem ? `\n${problem}` : ''}`);
}
console.log(`${caught} of ${wanted.length} caught`);
if (errors > 0) console.log(`${errors} of the list do not compile`);
process.exit(errors > 0 || caught < leastCaught * wanted.length ? 1 : 0);
