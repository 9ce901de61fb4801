import { fixed } from '../../i18n/numbers';
import { say } from './messages';

/** 1.023 ± 0.004: a number and its standard error. */
export const plusMinus = (value: number, error: number, decimals: number): string =>
  say('plus-minus', { value: fixed(value, decimals), error: fixed(error, decimals) });
