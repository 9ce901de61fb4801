import { describe, expect, test } from 'vitest';
import { defaultRun } from '../../address/page-state';
import type { Problem, ProblemKind } from '../../protocol/problem';
import type { RunSpec } from '../../protocol/run-spec';
import { remediesOf } from './remedies';

const problem = (kind: ProblemKind, code: string, field?: string): Problem => ({
  kind,
  code,
  parameters: {},
  message: '',
  ...(field !== undefined && { field }),
});

const remedies = (what: Problem, spec: RunSpec, learningRate?: number, presetRate = 0.003) =>
  remediesOf(what, { spec, learningRate, presetRate });

const withSettings = (settings: Record<string, string>, spec = defaultRun): RunSpec => ({
  ...spec,
  settings,
});
const notebook: RunSpec = { ...defaultRun, preset: 'notebook' };

describe('a setting that the engine refuses', () => {
  test('can be left out, alone or with all others', () => {
    const spec = withSettings({ decay_steps: '1', seed: '7' }, notebook);
    expect(remedies(problem('configuration', 'out_of_range', 'decay_steps'), spec)).toEqual([
      { type: 'without', field: 'decay_steps', spec: withSettings({ seed: '7' }, notebook) },
      { type: 'preset', spec: notebook },
      { type: 'default', spec: defaultRun },
    ]);
  });

  test('is left out of the preset if it was the only one', () => {
    const spec = withSettings({ decay_steps: '1' });
    expect(remedies(problem('configuration', 'out_of_range', 'decay_steps'), spec)).toEqual([
      { type: 'default', spec: defaultRun },
    ]);
  });

  test('may be the engine itself', () => {
    const spec: RunSpec = { ...notebook, engine: 'relaxed' };
    expect(remedies(problem('configuration', 'no_relaxed_simd', 'engine'), spec)).toEqual([
      { type: 'simd128', spec: { ...spec, engine: 'simd128' } },
    ]);
  });
});

describe('a run that went astray', () => {
  const astray = problem('diverged', 'astray');

  test('gets the rate of its preset where a larger one was set', () => {
    const spec = withSettings({ learning_rate: '1', seed: '7' });
    expect(remedies(astray, spec, 1)[0]).toEqual({
      type: 'slower',
      rate: 0.003,
      spec: withSettings({ seed: '7' }),
    });
  });

  test('gets a tenth of its rate where that was the preset’s or smaller', () => {
    expect(remedies(astray, defaultRun, 0.003)[0]).toEqual({
      type: 'slower',
      rate: 0.0003,
      spec: withSettings({ learning_rate: '0.0003' }),
    });
  });

  test('gets its other settings back first where these are more to blame', () => {
    const spec = withSettings({ initial_scale: '10' });
    expect(remedies(astray, spec, 0.003).map(({ type }) => type)).toEqual(['default', 'slower']);
  });

  test('gets no smaller rate than none', () => {
    const spec = withSettings({ learning_rate: '0', initial_scale: '10' });
    expect(remedies(astray, spec, 0)).toEqual([{ type: 'default', spec: defaultRun }]);
  });
});

describe('other problems', () => {
  test('of memory lead to the run as it is', () => {
    const spec = withSettings({ width: '512', layers: '12' }, notebook);
    expect(remedies(problem('memory', 'too_large', 'width'), spec).map(({ type }) => type)).toEqual([
      'without',
      'preset',
      'default',
    ]);
  });

  test('of what did not arrive can be tried again, and lost runs started again', () => {
    expect(remedies(problem('unavailable', 'worker_missing'), defaultRun)).toEqual([{ type: 'retry' }]);
    expect(remedies(problem('lost', 'threw'), notebook).map(({ type }) => type)).toEqual([
      'again',
      'default',
    ]);
  });

  test('of the browser have no remedy here', () => {
    expect(remedies(problem('unsupported', 'no_simd'), notebook)).toEqual([]);
  });

  test('keep the engine and the number of workers', () => {
    const spec: RunSpec = { ...notebook, engine: 'simd128', workers: 1 };
    expect(remedies(problem('lost', 'threw'), spec).at(-1)).toEqual({
      type: 'default',
      spec: { ...defaultRun, engine: 'simd128', workers: 1 },
    });
  });
});
