import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { MemberOrder, MemberReply, MemberTask } from '../protocol/members';
import type { Problem } from '../protocol/problem';
import type { RunSpec } from '../protocol/run-spec';
import { Helper } from './helper';
import type { Experiment, LoadedEngine } from './modules';
import { Team } from './team';
import { loadTestEngine } from './test-engine';

let engine: LoadedEngine;
beforeAll(async () => {
  engine = await loadTestEngine();
});

vi.mock('./modules', () => ({ loadEngine: () => Promise.resolve(engine) }));

const never = (): boolean => false;

/** The same numbers in every run of the tests. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

const settings = { evaluation_sequences: '32', batch_size: '12' };
const spec = (preset: string): RunSpec => ({
  preset,
  variant: '',
  engine: 'simd128',
  workers: 'auto',
  settings,
});

const createExperiment = ({ preset, variant, settings: given }: RunSpec): Experiment =>
  new engine.module.Experiment(preset, variant, given);

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

/** A helper whose messages can be held back, as if its core had other things to do. */
class Recruit {
  private readonly helper: Helper;
  private held: (() => void)[] | undefined;
  /** What it could not do. */
  problem: Problem | undefined;
  /** Resolves when the team knows that this helper is ready. */
  readonly ready: Promise<void>;

  constructor(team: Team, id: number, given: RunSpec) {
    const toLeader = new MessageChannel();
    const toHelper = new MessageChannel();
    this.ready = new Promise((resolve) => {
      toLeader.port1.addEventListener('message', ({ data }: MessageEvent<MemberReply>) => {
        if (data.type === 'ready') resolve();
      });
    });
    this.helper = new Helper(given, toHelper.port2);
    this.pass(toHelper.port1, toLeader.port2);
    this.pass(toLeader.port2, toHelper.port1);
    team.join(id, toLeader.port1);
  }

  stall(): void {
    this.held ??= [];
  }

  goOn(): void {
    const held = this.held ?? [];
    this.held = undefined;
    for (const deliver of held) deliver();
  }

  die(): void {
    this.helper.close();
  }

  private pass(from: MessagePort, to: MessagePort): void {
    from.onmessage = ({ data }: MessageEvent<MemberOrder | MemberReply>) => {
      if (data.type === 'failed') this.problem = data.problem;
      const deliver = (): void => {
        to.postMessage(data);
      };
      if (this.held) this.held.push(deliver);
      else deliver();
    };
  }
}

/** A helper that the test itself plays at this port. */
function joinPretender(team: Team): MessagePort {
  const { port1: toLeader, port2: toHelper } = new MessageChannel();
  team.join(0, toLeader);
  toHelper.postMessage({ type: 'ready' });
  return toHelper;
}

async function trainAlone(given: RunSpec, steps: number): Promise<Float32Array> {
  const experiment = createExperiment(given);
  experiment.train(steps);
  const parameters = experiment.parameters();
  experiment.delete();
  return Promise.resolve(parameters);
}

type Next = NonNullable<Parameters<Team['sum']>[1]>;

async function takeStep(team: Team, experiment: Experiment, next: Next = []): Promise<void> {
  expect(await team.sum(never, next)).toBe(true);
  expect(experiment.finishStep().stopped).toBe('');
}

/** The plans for what comes after a step, and another that is not kept to. */
const plans: Next[] = [[], ['sum'], ['sum'], ['evaluate', 'sum'], ['evaluate']];

describe('members of any number', () => {
  for (const preset of ['linear-1', 'hybrid-mesa', 'nonlinear-transformer-7'] as const) {
    test(
      `${preset} ends with the same bits, whoever joins, stalls and dies`,
      { timeout: 120_000 },
      async () => {
        const steps = { 'linear-1': 60, 'hybrid-mesa': 16, 'nonlinear-transformer-7': 6 }[preset];
        const alone = await trainAlone(spec(preset), steps);
        for (const members of [2, 3, 5, 6, 8]) {
          const random = createRandom(members);
          const experiment = createExperiment(spec(preset));
          const team = new Team(engine, experiment);
          const recruits = Array.from(
            { length: members - 1 },
            (_, index) => new Recruit(team, index, spec(preset)),
          );
          for (const recruit of recruits) await recruit.ready;
          let shared = 0;
          for (let step = 0; step < steps; step += 1) {
            const chosen = recruits[random(recruits.length)];
            const fate = random(8);
            if (fate === 0) chosen?.stall();
            if (fate === 1 || fate === 2) chosen?.goOn();
            if (fate === 3 && step > steps / 2) chosen?.die();
            if (fate === 4) {
              team.leave(step);
              recruits.push(new Recruit(team, members + step, spec(preset)));
            }
            await pause(random(4));
            // A step is left now and then, for good or to be measured in between.
            if (random(4) === 0) {
              let left = false;
              const leaves = (): boolean => (left ||= random(3) === 0);
              if (await team.sum(leaves, plans[random(plans.length)])) {
                expect(left).toBe(false);
                experiment.finishStep();
                continue;
              }
            }
            if (random(8) === 0) await team.evaluate(never);
            const next = plans[random(plans.length)] ?? [];
            await takeStep(team, experiment, next);
            if (next[0] === 'evaluate' || random(8) === 0) {
              expect(await team.evaluate(never)).toEqual(experiment.evaluate(experiment.parameters()));
            }
            shared = Math.max(shared, team.size);
          }
          expect(shared).toBeGreaterThan(1);
          expect(experiment.parameters()).toEqual(alone);
          team.close();
          for (const recruit of recruits) {
            expect(recruit.problem).toBeUndefined();
            recruit.die();
          }
          experiment.delete();
        }
      },
    );
  }
});

test('a helper that has died costs the time of two ranges', async () => {
  const experiment = createExperiment(spec('linear-1'));
  const team = new Team(engine, experiment);
  const recruit = new Recruit(team, 0, spec('linear-1'));
  await recruit.ready;
  await takeStep(team, experiment);
  expect(team.size).toBe(2);
  recruit.die();
  for (let step = 0; step < 3; step += 1) await takeStep(team, experiment);
  expect(team.size).toBe(1);
});

test('a helper that comes back is asked again', async () => {
  const experiment = createExperiment(spec('linear-1'));
  const team = new Team(engine, experiment);
  const recruit = new Recruit(team, 0, spec('linear-1'));
  await recruit.ready;
  await takeStep(team, experiment);
  recruit.stall();
  for (let step = 0; step < 3; step += 1) await takeStep(team, experiment);
  expect(team.size).toBe(1);
  recruit.goOn();
  await pause(20);
  await takeStep(team, experiment);
  expect(team.size).toBe(2);
});

test('losses measured by several are those measured by one, to the bit', async () => {
  const experiment = createExperiment(spec('linear-1'));
  const parameters = experiment.parameters();
  const alone = experiment.evaluate(parameters);
  const team = new Team(engine, experiment);
  const recruits = [0, 1, 2].map((id) => new Recruit(team, id, spec('linear-1')));
  for (const recruit of recruits) await recruit.ready;
  expect(await team.evaluate(never, parameters)).toEqual(alone);
  recruits[1]?.die();
  recruits[2]?.stall();
  expect(await team.evaluate(never, parameters)).toEqual(alone);
});

test('losses are whole although a helper goes that was to measure some of them', async () => {
  const experiment = createExperiment(spec('linear-1'));
  const team = new Team(engine, experiment);
  const recruit = new Recruit(team, 0, spec('linear-1'));
  await recruit.ready;
  await takeStep(team, experiment, ['evaluate', 'sum']);
  expect(team.size).toBe(2);
  team.leave(0);
  expect(await team.evaluate(never)).toEqual(experiment.evaluate(experiment.parameters()));
  await takeStep(team, experiment);
  recruit.die();
});

test('a step that is interrupted changes nothing', async () => {
  const experiment = createExperiment({
    ...spec('linear-1'),
    settings: { ...settings, batch_size: '20000' },
  });
  const team = new Team(engine, experiment);
  expect(await team.sum(() => true)).toBe(false);
  expect(experiment.step()).toBe(0);
  experiment.delete();
});

test('sums that come after the run has begun anew are not taken for those of its first step', async () => {
  const given = spec('linear-1');
  const alone = await trainAlone(given, 5);
  const experiment = createExperiment(given);
  const twin = createExperiment(given);
  const team = new Team(engine, experiment);
  const toHelper = joinPretender(team);
  await pause(30);
  for (let round = 0; round < 20; round += 1) {
    // Two members without a known speed get half of the groups each.
    twin.setTrainingState(experiment.trainingState());
    twin.beginSums(8, 16);
    twin.continueSums(Infinity);
    const sums = twin.takeSums();
    let gone = false;
    toHelper.onmessage = ({ data }: MessageEvent<MemberOrder>) => {
      const task = data.type === 'begin' ? data.tasks[0] : undefined;
      if (!task) return;
      experiment.restart();
      team.forget();
      gone = true;
      toHelper.postMessage({ type: 'sums', round: task.round, sums, groups: 0, milliseconds: 1 });
    };
    await team.sum(() => gone);
    await pause(5);
    toHelper.onmessage = null;
    experiment.train(5);
    expect(experiment.parameters()).toEqual(alone);
  }
  team.close();
  toHelper.close();
  experiment.delete();
  twin.delete();
});

test('sums of the next step that come early are not taken for those of this one', async () => {
  const given = spec('linear-1');
  const alone = await trainAlone(given, 3);
  const experiment = createExperiment(given);
  const twin = createExperiment(given);
  const team = new Team(engine, experiment);
  const toHelper = joinPretender(team);
  /** What the helper has summed and not told yet. */
  let untold: MemberReply[] = [];
  const sum = (task: MemberTask | undefined): void => {
    if (!task) return;
    twin.beginSums(task.range.first, task.range.end);
    twin.continueSums(Infinity);
    untold.unshift({ type: 'sums', round: task.round, sums: twin.takeSums(), groups: 1, milliseconds: 0.1 });
  };
  const tell = (): void => {
    for (const reply of untold) toHelper.postMessage(reply);
    untold = [];
  };
  toHelper.onmessage = ({ data }: MessageEvent<MemberOrder>) => {
    if (data.type === 'begin') {
      if (data.state) twin.setTrainingState(data.state);
      sum(data.tasks[0]);
    } else if (data.type === 'add' && data.next) {
      // It is done with the next step before anybody hears of its sums of this one.
      twin.addSums([...data.sums]);
      if (twin.hasSums(0, twin.groups())) twin.finishStep();
      sum(data.next[0]);
      tell();
    }
  };
  await pause(10);
  // Nobody is late while no time passes.
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
  await takeStep(team, experiment, ['sum']);
  await takeStep(team, experiment);
  clock.mockRestore();
  await takeStep(team, experiment);
  expect(experiment.parameters()).toEqual(alone);
  team.close();
  toHelper.close();
  experiment.delete();
  twin.delete();
});
