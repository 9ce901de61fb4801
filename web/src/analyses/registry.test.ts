import { analysisKinds } from '@facts';
import { expect, expectTypeOf, test } from 'vitest';
import { analyses, analysisOf, type AnalysisResult } from './registry';

test('every kind of the engine has a tab, from the weights to what the model has no part in', () => {
  const kinds = analyses.map(({ kind }) => kind);
  expect([...kinds].sort()).toEqual(analysisKinds.map(({ kind }) => kind).sort());
  expect(kinds[0]).toBe('weights');
  expect(kinds.at(-1)).toBe('kernel');
  expect(analysisOf('nothing')).toBeUndefined();
});

test('what trains something is started by a button, whose text its definition has', async () => {
  for (const { effort, load } of analyses) {
    const { default: definition } = await load();
    expect(definition.order !== undefined).toBe(effort === 'long');
  }
});

test('labels tell the tabs apart', () => {
  expect(new Set(analyses.map(({ label }) => label())).size).toBe(analyses.length);
});

test('the compiler knows what each kind returns', () => {
  expectTypeOf<AnalysisResult<'kernel'>['dimension']>().toEqualTypeOf<Float64Array>();
  expectTypeOf<AnalysisResult<'linearise'>['layers'][number]['ratio']>().toEqualTypeOf<number>();
});
