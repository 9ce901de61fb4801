/**
 * What the page and an engine worker say to each other. The page sends a `CommandMessage` under a number; the worker
 * answers it once, under the same number, and meanwhile sends the events of the run that it trains.
 */

import type { Problem } from './problem';
import type { Evaluation, HeadWeights, Misfit, Reference, ReferenceChoice, Snapshot } from './results';
import type { Configuration, EngineName, RunSpec } from './run-spec';
import type { TrainingState } from './training-state';

/** One run of the page. It is tagged on every event. */
export type RunId = string;

interface CommandOf<Order, Answer> {
  readonly order: Order;
  readonly answer: Answer;
}

type NoOrder = Readonly<Record<never, never>>;

/** Each command: what it is given, and what it is answered with. */
export interface Commands {
  /** Opens a run, at its start or where `state` was taken, and plays it if so told. A worker trains one run at a time. */
  open: CommandOf<
    { readonly spec: RunSpec; readonly state: TrainingState | undefined; readonly playing: boolean },
    Opened
  >;
  /** Trains up to the end of the run; from the end, for as long again. Answered when training has begun. */
  play: CommandOf<NoOrder, void>;
  /** Stops at once. Answered when the losses of the step it stopped at are measured, like the next two. */
  pause: CommandOf<NoOrder, Outcome>;
  /** Trains `count` steps, then pauses. Steps asked for one by one add up. */
  step: CommandOf<{ readonly count: number }, Outcome>;
  /** Back to step 0, paused there. */
  restart: CommandOf<NoOrder, Outcome>;
  /** Between two steps: the run as it stands. */
  snapshot: CommandOf<NoOrder, Snapshot>;
  /** Stops the run without measuring anything, and gives it up: `open` goes on from the answer, here or elsewhere. */
  park: CommandOf<NoOrder, Parked>;
  /** A helper for the run's steps: the worker at the other end of the port has been told to `assist` with it. */
  join: CommandOf<{ readonly helper: HelperId; readonly port: MessagePort }, void>;
  /** Does without a helper. Answered when nothing more will be sent to it. */
  leave: CommandOf<{ readonly helper: HelperId }, void>;
  /** Shares the steps of a run that another worker trains, until another command comes. */
  assist: CommandOf<{ readonly spec: RunSpec; readonly port: MessagePort }, void>;
  /** Gives up what the worker holds: a run, or its part in another's. */
  rest: CommandOf<NoOrder, void>;
  /** Nothing but a sign of life, which a worker that trains or assists gives within a tenth of a second. */
  ping: CommandOf<NoOrder, void>;
  /** Without a choice, the references that every run is compared with. */
  references: CommandOf<
    { readonly spec: RunSpec; readonly choice: ReferenceChoice | undefined },
    readonly Reference[]
  >;
  /** Takes a snapshot apart. `updates`: of kinds that train something; 0 for as many as they need. */
  analyze: CommandOf<
    { readonly kind: string; readonly snapshot: Snapshot; readonly updates: number },
    unknown
  >;
}

/** How an order ended: a newer one took its place, or the run was parked before it was carried out. */
export type Outcome = 'done' | 'superseded' | 'parked';

export interface Parked {
  readonly state: TrainingState;
  /** How many steps that it was asked for one by one it still had to do. */
  readonly stepsLeft: number;
}

export type CommandName = keyof Commands;

/** One helper of one run. */
export type HelperId = number;

export interface Opened {
  readonly engine: EngineName;
  readonly configuration: Configuration;
  readonly misfits: readonly Misfit[];
  readonly step: number;
  /** All heads, as the run was opened. */
  readonly weights: readonly HeadWeights[];
}

export type CommandMessage<Name extends CommandName = CommandName> = {
  readonly [Each in Name]: {
    readonly call: number;
    readonly run: RunId;
    readonly name: Each;
    readonly order: Commands[Each]['order'];
  };
}[Name];

/** `answer` answers the command of that number; `refusal` says why it could not be carried out. */
export type AnswerMessage =
  | { readonly type: 'answer'; readonly call: number; readonly answer: unknown }
  | { readonly type: 'refusal'; readonly call: number; readonly problem: Problem };

/** What happens to a run that trains. */
export type RunEvent =
  | {
      readonly type: 'progress';
      readonly run: RunId;
      readonly step: number;
      readonly running: boolean;
      /** How many workers shared the newest step. */
      readonly workers: number;
      /** Of the last update; undefined before the first. */
      readonly learningRate: number | undefined;
      /** What was measured since the last report, oldest first. */
      readonly evaluations: readonly Evaluation[];
      /** All heads, at the step of the newest evaluation; empty when there is nothing new. */
      readonly weights: readonly HeadWeights[];
    }
  /** The run is back at step 0: what was measured is void. */
  | { readonly type: 'restarted'; readonly run: RunId }
  /** Training went astray: the run is back at its last good state and paused. `step` is that state's. */
  | {
      readonly type: 'diverged';
      readonly run: RunId;
      readonly step: number;
      readonly reason: 'not_finite' | 'astray';
    }
  /** The worker can do no more for the run. */
  | { readonly type: 'failed'; readonly run: RunId; readonly problem: Problem };

/** How far an analysis is: a share from 0 to 1. */
export interface ShareDone {
  readonly type: 'share-done';
  readonly call: number;
  readonly share: number;
}

export type WorkerMessage = AnswerMessage | RunEvent | ShareDone;

/** For the default branch of a switch that must handle every case. */
export function unreachable(value: never): never {
  throw new Error(`unexpected message: ${JSON.stringify(value)}`);
}
