import { language, type Language } from './language';
import { sideBySide } from './lists';

/** What stands where there is no number. */
export const noNumber = '–';

type NumberText = (value: number) => string;

/** Formatters are slow to make and quick to use. */
function createFormat(options: Intl.NumberFormatOptions): NumberText {
  const formats = new Map<Language, Intl.NumberFormat>();
  return (value) => {
    if (!Number.isFinite(value)) return noNumber;
    const format = formats.get(language.value) ?? new Intl.NumberFormat(language.value, options);
    formats.set(language.value, format);
    const text = format.format(value);
    // What is rounded to nothing has no sign.
    return text.replace('-', /[1-9]/.test(text) ? '−' : '');
  };
}

/** One format for each small whole number, such as a count of decimals. */
function createFormats(options: (count: number) => Intl.NumberFormatOptions): (count: number) => NumberText {
  const formats = new Map<number, NumberText>();
  return (count) => {
    const format = formats.get(count) ?? createFormat(options(count));
    formats.set(count, format);
    return format;
  };
}

const withDecimals = createFormats((decimals) => ({
  minimumFractionDigits: decimals,
  maximumFractionDigits: decimals,
}));
const withDigits = createFormats((digits) => ({ maximumSignificantDigits: digits }));
const withExactDigits = createFormats((digits) => ({
  minimumSignificantDigits: digits,
  maximumSignificantDigits: digits,
}));
const compactWithDigits = createFormats((digits) => ({
  notation: 'compact',
  maximumSignificantDigits: digits,
}));

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** 3 × 10⁻³, in one unbreakable piece, to so many significant digits. */
export function scientific(value: number, digits: number): string {
  if (!Number.isFinite(value)) return noNumber;
  const [mantissa = '', exponent = ''] = value.toExponential(digits - 1).split('e');
  const power = Array.from(String(Math.abs(Number(exponent))), (digit) => superscripts[Number(digit)]);
  const sign = exponent.startsWith('-') ? '⁻' : '';
  return `${withDigits(digits)(Number(mantissa))}\u00a0×\u00a010${sign}${power.join('')}`;
}

/** 1,500 */
export const integer: NumberText = withDecimals(0);

/** 0.50: always so many decimals. */
export const fixed = (value: number, decimals: number): string => withDecimals(decimals)(value);

/** 0.25, 1,500: so many significant digits at most. */
export const significant = (value: number, digits: number): string => withDigits(digits)(value);

/** 1.25M: with a word or letter for thousands and millions, as the language has them. */
export const compact = (value: number, digits: number): string => compactWithDigits(digits)(value);

/** Two significant digits: 0.15, 33, 7.1 × 10⁻⁷ */
export function rough(value: number): string {
  const size = Math.abs(value);
  const plain = size === 0 || (size >= 0.01 && size < 1000);
  return plain ? withDigits(2)(value) : scientific(value, 2);
}

/** Two significant digits and the sign of anything but zero: +0.15, −33 */
export const signedRough = (value: number): string =>
  value > 0 && Number.isFinite(value) ? `+${rough(value)}` : rough(value);

/** A loss: 0.897, to three decimals as all others of its size; 0.00123, 4.83 × 10⁻⁷ or 12,346 where these say too little or too much. */
export function loss(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || (size >= 0.1 && size < 1000)) return withDecimals(3)(value);
  if (size >= 1000 && size < 1e6) return withDecimals(0)(value);
  return size >= 0.0001 && size < 0.1 ? withExactDigits(3)(value) : scientific(value, 3);
}

/** 34% */
export const percent: NumberText = createFormat({ style: 'percent' });

const unitFormat = (unit: string): NumberText => createFormat({ style: 'unit', unit, unitDisplay: 'short' });
const hours = unitFormat('hour');
const minutes = unitFormat('minute');
const seconds = unitFormat('second');

/** 12 sec, 3 min 20 sec, 2 hr 5 min */
export function duration(length: number): string {
  if (!Number.isFinite(length)) return noNumber;
  const whole = Math.ceil(length);
  if (whole < 60) return seconds(whole);
  const parts =
    whole < 3600
      ? [minutes(Math.floor(whole / 60)), seconds(whole % 60)]
      : [hours(Math.floor(whole / 3600)), minutes(Math.floor((whole % 3600) / 60))];
  return sideBySide(parts);
}
