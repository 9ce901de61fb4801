import { describe, expect, test, vi } from 'vitest';
import type { AnalysisDefinition } from './definition';
import { loadDefinition } from './load';
import { number } from './shape';

const definition: AnalysisDefinition<number> = {
  shape: number,
  Introduction: () => null,
  Findings: () => null,
};

const missing = (message: string) => () => Promise.reject(new TypeError(message));

describe('loading what shows an analysis', () => {
  test('gives it', async () => {
    await expect(loadDefinition(() => Promise.resolve({ default: definition }), 0)).resolves.toBe(definition);
  });

  test('says what is wrong where the browser names no address', async () => {
    const load = missing('Importing a module script failed.');
    await expect(loadDefinition(load, 0)).rejects.toMatchObject({
      problem: { kind: 'unavailable', code: 'script_missing' },
    });
    await expect(loadDefinition(load, 1)).rejects.toMatchObject({ problem: { code: 'script_missing' } });
  });

  test('asks under another address the second time', async () => {
    const load = missing('error loading dynamically imported module: http://127.0.0.1/assets/x-1a.js');
    const loadFrom = vi.fn(() => Promise.resolve({ default: definition }));
    await expect(loadDefinition(load, 0, loadFrom)).rejects.toThrow('x-1a.js');
    expect(loadFrom).not.toHaveBeenCalled();
    await expect(loadDefinition(load, 1, loadFrom)).resolves.toBe(definition);
    expect(loadFrom).toHaveBeenCalledWith('http://127.0.0.1/assets/x-1a.js?attempt=1');
    await expect(loadDefinition(load, 2, missing('it is not there'))).rejects.toThrow('it is not there');
  });
});
