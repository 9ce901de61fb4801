import { loadEngine, UnsupportedError } from './engine-loader';
import {
  unreachable,
  type Answer,
  type Command,
  type Envelope,
  type Problem,
  type RunRequest,
} from './messages';
import { TrainingSession, type Post } from './training-session';

const worker = self as DedicatedWorkerGlobalScope;

const post: Post = (report, given = []) => {
  worker.postMessage(report, { transfer: given.map(({ buffer }) => buffer as ArrayBuffer) });
};

/** The run that is open or opening; undefined until one could be opened. */
let session: Promise<TrainingSession | undefined> = Promise.resolve(undefined);

worker.onmessage = ({ data: { call, command } }: MessageEvent<Envelope>) => {
  void carryOut(call, command);
};

async function carryOut(call: number, command: Command): Promise<void> {
  try {
    const answer = await obey(command);
    post({ type: 'answer', call, answer }, answer.snapshot ? [answer.snapshot.parameters] : []);
  } catch (error) {
    const problem = describe(error);
    if (command.type === 'open') post({ type: 'problem', problem });
    post({ type: 'answer', call, error: problem.message });
  }
}

async function obey(command: Command): Promise<Answer> {
  if (command.type === 'open') {
    await open(command.request);
    return {};
  }
  const run = await session;
  if (!run) throw new Error('no run is open');
  switch (command.type) {
    case 'play':
      await run.play();
      return {};
    case 'pause':
      await run.pause();
      return {};
    case 'step':
      await run.stepBy(command.count);
      return {};
    case 'reset':
      if (command.seed === undefined) await run.restart();
      else await open(withSeed(run.request, command.seed));
      return {};
    case 'snapshot':
      return { snapshot: await run.snapshot() };
    case 'reference':
      return { reference: await run.reference(command.choice) };
    default:
      return unreachable(command);
  }
}

/** Replaces the run that is open, once the new one stands. */
async function open(request: RunRequest): Promise<void> {
  const previous = session;
  const next = loadEngine(request.engine).then(async (engine) => {
    const old = await previous;
    const run = new TrainingSession(engine, request, post);
    await old?.close();
    run.open();
    return run;
  });
  session = next.catch(() => previous);
  await next;
}

const withSeed = (request: RunRequest, seed: number): RunRequest => ({
  ...request,
  overrides: { ...request.overrides, seed: String(seed) },
});

function describe(error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof UnsupportedError) return { kind: 'unsupported', message };
  if (error instanceof Error && 'field' in error && typeof error.field === 'string') {
    return { kind: 'configuration', field: error.field, message };
  }
  return { kind: 'crashed', message };
}
