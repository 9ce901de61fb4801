import { describe, expect, test } from 'vitest';
import { defaultRun } from '../address/page-state';
import { plannedConfiguration, presetNumber, variantChoice, variantOf } from './presets';

describe('a run, before its engine is there', () => {
  test('has the first variant of its preset unless another is named', () => {
    expect(variantOf(defaultRun)).toBe('quick');
    expect(variantOf({ preset: 'notebook', variant: '' })).toBe('paper');
    expect(variantOf({ preset: 'linear-1', variant: 'paper' })).toBe('paper');
    expect(variantChoice('linear-1', 'quick')).toBe('');
    expect(variantChoice('linear-1', 'paper')).toBe('paper');
  });

  test('has the settings of its preset, and those set by hand', () => {
    const spec = { ...defaultRun, preset: 'softmax-2', settings: { layers: '3' } };
    expect(plannedConfiguration(spec)).toMatchObject({ attention: 'softmax', layers: 3, task: 'linear' });
    expect(presetNumber(spec, 'layers')).toBe(2);
    expect(presetNumber(spec, 'nothing')).toBeUndefined();
  });
});
