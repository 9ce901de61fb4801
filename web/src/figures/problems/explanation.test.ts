import { describe, expect, test } from 'vitest';
import type { Problem } from '../../protocol/problem';
import { messageKey } from './explanation';

const problem = (about: Partial<Problem>): Problem => ({
  kind: 'configuration',
  code: '',
  parameters: {},
  message: '',
  ...about,
});

describe('the message of a problem', () => {
  test('is that of its code', () => {
    expect(messageKey(problem({ code: 'not_whole', field: 'seed' }))).toBe('configuration.not_whole');
    expect(messageKey(problem({ kind: 'memory', code: 'too_large' }))).toBe('memory.too_large');
  });

  test('is that of the setting where there is one', () => {
    expect(messageKey(problem({ code: 'out_of_range', field: 'decay_steps' }))).toBe(
      'configuration.out_of_range.decay_steps',
    );
  });

  test('says what a range follows from', () => {
    const dependent = { code: 'out_of_range', field: 'prefix_length' };
    expect(messageKey(problem({ ...dependent, parameters: { depends_on: ['sequence_length'] } }))).toBe(
      'configuration.out_of_range.dependent',
    );
    expect(messageKey(problem({ ...dependent, parameters: { depends_on: [] } }))).toBe(
      'configuration.out_of_range',
    );
  });

  test('names what was changed by hand where the engine names nothing', () => {
    const refused = problem({ kind: 'memory', code: 'out_of_memory' });
    expect(messageKey(refused, ['width'])).toBe('memory.changed');
    expect(messageKey(refused)).toBe('memory.other');
  });

  test('is a general one for a code that is not known', () => {
    expect(messageKey(problem({ kind: 'lost', code: 'mystery' }))).toBe('lost.other');
    expect(messageKey(problem({ code: 'other' }))).toBe('configuration.other');
  });
});
