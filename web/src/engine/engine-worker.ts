/**
 * A worker of the page's pool. It can train a run, share the steps of one that another worker trains, measure
 * references and take models apart, one of these at a time. What takes long without looking at messages (references,
 * analyses) is cancelled by ending the worker.
 */

import type {
  CommandMessage,
  CommandName,
  Commands,
  Opened,
  Parked,
  RunId,
  WorkerMessage,
} from '../protocol/commands';
import { ProblemError, problemOf } from '../protocol/problem';
import { buffersOf } from '../protocol/training-state';
import { refusalOf } from './engine-problem';
import { Helper } from './helper';
import { loadAnalyses, loadEngine } from './modules';
import { nextTask } from './next-task';
import { Session } from './session';

/** Progress of an analysis moves on 20 times a second: smooth to the eye, and no burden to the page. */
const progressMilliseconds = 50;

const worker = self as DedicatedWorkerGlobalScope;

let session: Session | undefined;
let helper: Helper | undefined;
/** Counts what the worker was told to hold, and to give up. */
let turn = 0;

function post(message: WorkerMessage, given: ArrayBuffer[] = []): void {
  worker.postMessage(message, given);
}

/** What each command does. `run` and `call` are those of its message. */
type Actions = {
  readonly [Name in CommandName]: (
    order: Commands[Name]['order'],
    tags: { readonly run: RunId; readonly call: number },
  ) => Commands[Name]['answer'] | Promise<Commands[Name]['answer']>;
};

const actions: Actions = {
  open: async ({ spec, state, playing }, { run }): Promise<Opened> => {
    rest();
    const begun = turn;
    const engine = await loadEngine(spec.engine);
    // Of runs that are opened in quick succession only the last one is built.
    await nextTask();
    if (turn !== begun) refuse('superseded', 'this worker was told something else before the run was open');
    session = new Session(engine, spec, run, state, post);
    if (playing) session.play();
    return session.opened();
  },
  play: () => {
    trained().play();
  },
  pause: () => trained().pause(),
  step: ({ count }) => trained().stepBy(count),
  restart: () => trained().restart(),
  snapshot: () => trained().snapshot(),
  park: () => {
    const parked = trained().park();
    session = undefined;
    return parked;
  },
  join: ({ helper: id, port }) => {
    trained().team.join(id, port);
  },
  leave: ({ helper: id }) => {
    trained().team.leave(id);
  },
  assist: ({ spec, port }) => {
    rest();
    helper = new Helper(spec, port);
  },
  rest,
  ping: () => undefined,
  references: async ({ spec: { preset, variant, settings }, choice }) => {
    const module = await loadAnalyses();
    const comparison = new module.Comparison(preset, variant, settings);
    try {
      return choice
        ? [comparison.reference(choice.algorithm, choice.steps, choice.pairs)]
        : comparison.references();
    } finally {
      comparison.delete();
    }
  },
  analyze: async ({ kind, snapshot: { spec, parameters }, updates }, { call }) => {
    const module = await loadAnalyses();
    return module.analyze(
      kind,
      spec.preset,
      spec.variant,
      spec.settings,
      parameters,
      updates,
      createMeter(call),
    );
  },
};

/** The run that this worker trains. The page asks for it only while there is one. */
function trained(): Session {
  return session ?? refuse('no_run', 'this worker trains no run');
}

function refuse(code: string, message: string): never {
  throw new ProblemError({ kind: 'lost', code, parameters: {}, message });
}

function rest(): void {
  turn += 1;
  session?.close();
  helper?.close();
  session = undefined;
  helper = undefined;
}

function createMeter(call: number): (share: number) => void {
  let reported = performance.now();
  return (share) => {
    if (performance.now() - reported < progressMilliseconds) return;
    reported = performance.now();
    post({ type: 'share-done', call, share });
  };
}

async function carryOut<Name extends CommandName>(
  name: Name,
  order: Commands[Name]['order'],
  run: RunId,
  call: number,
): Promise<void> {
  try {
    const answer = await actions[name](order, { run, call });
    post({ type: 'answer', call, answer }, givenWith(name, answer));
  } catch (error) {
    // What is no refusal is a failure of this worker: the page does not use it again.
    post({ type: 'refusal', call, problem: refusalOf(error) ?? problemOf(error) });
  }
}

/** A parked state is large, and the worker has no more use for it. */
function givenWith<Name extends CommandName>(name: Name, answer: Commands[Name]['answer']): ArrayBuffer[] {
  return name === 'park' ? buffersOf((answer as Parked).state) : [];
}

worker.onmessage = ({ data: { name, order, run, call } }: MessageEvent<CommandMessage>) => {
  void carryOut(name, order, run, call);
};
