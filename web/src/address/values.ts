/** Checks of single values, each with a note of what is wrong. */

import type { FieldFact } from './facts';
import type { AddressNote } from './notes';

const decimal = /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

interface Range {
  readonly kind: string;
  readonly minimum: number;
  readonly maximum: number;
}

export function checkNumber(
  key: string,
  value: string,
  { kind, minimum, maximum }: Range,
): AddressNote | undefined {
  const number = decimal.test(value) ? Number(value) : NaN;
  if (Number.isNaN(number)) return { type: 'not-a-number', key, value };
  if (number < minimum || number > maximum) return { type: 'out-of-range', key, value, minimum, maximum };
  if (kind === 'integer' && !Number.isInteger(number)) return { type: 'not-whole', key, value };
  return undefined;
}

export function checkName(key: string, value: string, names: readonly string[]): AddressNote | undefined {
  return names.includes(value) ? undefined : { type: 'unknown-name', key, value, names };
}

/** What only the engine can tell, such as whether settings go together, is not looked at. */
export function checkSetting(field: FieldFact, value: string): AddressNote | undefined {
  const { key, kind, choices } = field;
  if (choices.length === 0) return checkNumber(key, value, field);
  const names = kind === 'list' ? value.split(',') : [value];
  const wrong = names.find((name) => !choices.includes(name));
  return wrong === undefined ? undefined : checkName(key, wrong, choices);
}
