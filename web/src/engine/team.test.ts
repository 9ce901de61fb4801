import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { MemberOrder, MemberReply } from '../protocol/members';
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

  constructor(team: Team, id: number, given: RunSpec) {
    const toLeader = new MessageChannel();
    const toHelper = new MessageChannel();
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
      const deliver = (): void => {
        to.postMessage(data);
      };
      if (this.held) this.held.push(deliver);
      else deliver();
    };
  }
}

async function trainAlone(given: RunSpec, steps: number): Promise<Float32Array> {
  const experiment = createExperiment(given);
  experiment.train(steps);
  const parameters = experiment.parameters();
  experiment.delete();
  return Promise.resolve(parameters);
}

async function takeStep(team: Team, experiment: Experiment): Promise<void> {
  expect(await team.sum(never)).toBe(true);
  expect(experiment.finishStep().stopped).toBe('');
}

describe('members of any number', () => {
  for (const preset of ['linear-1', 'hybrid-mesa', 'nonlinear-transformer-7']) {
    test(
      `${preset} ends with the same bits, whoever joins, stalls and dies`,
      { timeout: 60_000 },
      async () => {
        const steps = preset === 'linear-1' ? 60 : 16;
        const alone = await trainAlone(spec(preset), steps);
        for (const members of [2, 3, 5, 6, 8]) {
          const random = createRandom(members);
          const experiment = createExperiment(spec(preset));
          const team = new Team(engine, experiment);
          const recruits = Array.from(
            { length: members - 1 },
            (_, index) => new Recruit(team, index, spec(preset)),
          );
          await pause(30);
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
            await takeStep(team, experiment);
            shared = Math.max(shared, team.size);
          }
          expect(shared).toBeGreaterThan(1);
          expect(experiment.parameters()).toEqual(alone);
          team.close();
          for (const recruit of recruits) recruit.die();
          experiment.delete();
        }
      },
    );
  }
});

test('a helper that has died costs the time of its range, once', async () => {
  const experiment = createExperiment(spec('linear-1'));
  const team = new Team(engine, experiment);
  const recruit = new Recruit(team, 0, spec('linear-1'));
  await pause(30);
  await takeStep(team, experiment);
  expect(team.size).toBe(2);
  recruit.die();
  await takeStep(team, experiment);
  await takeStep(team, experiment);
  expect(team.size).toBe(1);
});

test('a helper that comes back is asked again', async () => {
  const experiment = createExperiment(spec('linear-1'));
  const team = new Team(engine, experiment);
  const recruit = new Recruit(team, 0, spec('linear-1'));
  await pause(30);
  await takeStep(team, experiment);
  recruit.stall();
  await takeStep(team, experiment);
  await takeStep(team, experiment);
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
  await pause(30);
  expect(await team.evaluate(parameters, never)).toEqual(alone);
  recruits[1]?.die();
  recruits[2]?.stall();
  expect(await team.evaluate(parameters, never)).toEqual(alone);
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
  const { port1: toLeader, port2: toHelper } = new MessageChannel();
  team.join(0, toLeader);
  toHelper.postMessage({ type: 'ready' });
  await pause(30);
  for (let round = 0; round < 20; round += 1) {
    // Two members without a known speed get half of the groups each.
    twin.moveTo(experiment.step(), experiment.parameters());
    twin.beginSums(8, 16);
    twin.continueSums(Infinity);
    const sums = twin.takeSums();
    let gone = false;
    toHelper.onmessage = ({ data }: MessageEvent<MemberOrder>) => {
      if (data.type !== 'sum') return;
      experiment.restart();
      team.forget();
      gone = true;
      toHelper.postMessage({ type: 'sums', round: data.round, sums, groups: 0, milliseconds: 1 });
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
