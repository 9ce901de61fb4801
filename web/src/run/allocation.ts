import type { RunId } from '../protocol/commands';

/** What a run would have of the pool. */
export interface RunDemand {
  readonly id: RunId;
  /** It has something to do. */
  readonly busy: boolean;
  /** It has nothing to do, and may keep its workers while nobody else needs the cores: it goes on at once then. */
  readonly idle: boolean;
  /** It has an engine. */
  readonly seated: boolean;
  /** How many helpers it has. */
  readonly helped: number;
  /** The visitor works with it: it goes first. */
  readonly inUse: boolean;
  /** The others take turns: whoever has waited since the earliest time is next. */
  readonly since: number;
  /** How many helpers it can use at most. */
  readonly helpers: number;
}

/** A search for references or an analysis. */
export interface TaskDemand {
  readonly id: number;
  readonly run: RunId;
  /** Minutes rather than seconds: short ones do not wait for it. */
  readonly long: boolean;
  readonly started: boolean;
}

/** Who gets a core. */
export interface Allocation {
  /** Runs with an engine, in the order of their right to it. */
  readonly engines: readonly RunId[];
  /** How many more workers share the steps of a run. */
  readonly helpers: ReadonlyMap<RunId, number>;
  /** Tasks that are carried out. */
  readonly tasks: readonly number[];
}

/**
 * Shares the page's cores: first an engine for the run in use, then what was asked about it, then its helpers; what is
 * left goes to the other runs in turn, and last to what was asked about those. Tasks that have started go on; a short
 * one may also run beside a long one when there is no core left for it.
 */
export function allocate(
  cores: number,
  runs: readonly RunDemand[],
  tasks: readonly TaskDemand[],
): Allocation {
  const started = tasks.filter((task) => task.started);
  const allocation = {
    engines: [] as RunId[],
    helpers: new Map<RunId, number>(),
    tasks: started.map(({ id }) => id),
  };
  const waiting = tasks.filter((task) => !task.started);
  let left = cores - started.length;

  const seat = ({ id }: RunDemand): void => {
    allocation.engines.push(id);
    left -= 1;
  };
  const help = ({ id }: RunDemand, helpers: number): void => {
    const had = allocation.helpers.get(id) ?? 0;
    const more = Math.max(0, Math.min(helpers - had, left));
    allocation.helpers.set(id, had + more);
    left -= more;
  };
  const start = (ready: readonly TaskDemand[]): void => {
    for (const { id, long } of ready) {
      const shortRuns = tasks.some((task) => !task.long && allocation.tasks.includes(task.id));
      if (left <= 0 && (long || shortRuns || allocation.tasks.length === 0)) continue;
      allocation.tasks.push(id);
      left -= 1;
    }
  };

  const [first, ...others] = runs
    .filter(({ busy }) => busy)
    .sort((a, b) => Number(b.inUse) - Number(a.inUse) || a.since - b.since);
  if (first) seat(first);
  start(waiting.filter(({ run }) => run === first?.id || first?.inUse !== true));
  if (first?.inUse) help(first, first.helpers);
  for (const run of others) if (left > 0) seat(run);
  start(waiting.filter(({ id }) => !allocation.tasks.includes(id)));
  for (const run of first ? [first, ...others] : []) {
    if (allocation.engines.includes(run.id)) help(run, run.helpers);
  }
  const kept = runs.filter(({ seated, idle }) => seated && idle);
  for (const run of kept) if (left > 0) seat(run);
  for (const run of kept) if (allocation.engines.includes(run.id)) help(run, run.helped);
  return allocation;
}
