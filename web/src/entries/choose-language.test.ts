import { expect, test } from 'vitest';
import { chooseLanguage } from './choose-language';

test.each([
  ['en', ['fr'], 'en'],
  ['auto', ['fr', 'en-GB'], 'en'],
  ['auto', [], 'en'],
] as const)('%s, for who reads %o, is %s', (wanted, read, chosen) => {
  expect(chooseLanguage(wanted, read)).toBe(chosen);
});
