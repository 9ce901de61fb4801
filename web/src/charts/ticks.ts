import type { ScaleLinear } from 'd3-scale';
import { compact, fixed, scientific, significant } from '../i18n/numbers';

/** How wide a text is, in pixels. */
export type Measure = (text: string) => number;

export interface Tick {
  readonly value: number;
  readonly text: string;
  /** Where its text stands, in pixels along the axis. */
  readonly place: number;
}

/** Doubles have no more. */
const mostDigits = 15;

/** Of a number's first digit the power of ten; 0.1 + 0.2 - 0.2 is to be one tenth. */
const firstPower = (value: number): number => Math.floor(Math.log10(Math.abs(value)) + 1e-9);

/** The numbers of an axis, with as many digits as tell neighbours apart. */
export function tickTexts(values: readonly number[]): string[] {
  if (values.length < 2) return values.map(loneText);
  const largest = Math.max(...values.map(Math.abs));
  const step = Math.min(...values.slice(1).map((value, index) => value - (values[index] ?? 0)));
  const last = firstPower(step);
  const digits = (value: number): number =>
    value === 0 ? 1 : Math.max(1, Math.min(mostDigits, firstPower(value) - last + 1));
  if (largest >= 1e15 || step < 0.99e-4) {
    return values.map((value) => (value === 0 ? fixed(0, 0) : scientific(value, digits(value))));
  }
  if (largest >= 1e5) return values.map((value) => compact(value, digits(value)));
  return values.map((value) => fixed(value, Math.max(0, -last)));
}

function loneText(value: number): string {
  const size = Math.abs(value);
  return size === 0 || (size >= 1e-4 && size < 1e5) ? significant(value, 3) : scientific(value, 3);
}

export function yTicks(scale: ScaleLinear<number, number>): readonly Tick[] {
  const values = scale.ticks(5);
  const texts = tickTexts(values);
  return values.map((value, index) => ({ value, text: texts[index] ?? '', place: scale(value) }));
}

/**
 * As many ticks, but at most `most`, as there is room for: their texts keep within [0, width] and `gap` apart from each
 * other.
 */
export function xTicks(
  scale: ScaleLinear<number, number>,
  most: number,
  width: number,
  gap: number,
  measure: Measure,
): readonly Tick[] {
  for (let count = Math.max(2, most); count > 0; count -= 1) {
    const ticks = placeTexts(scale, count, width, measure);
    const apart = ticks.every((tick, index) => {
      const next = ticks[index + 1];
      return !next || next.place - tick.place >= (measure(tick.text) + measure(next.text)) / 2 + gap;
    });
    if (apart) return ticks;
  }
  return placeTexts(scale, 1, width, measure).slice(-1);
}

function placeTexts(
  scale: ScaleLinear<number, number>,
  count: number,
  width: number,
  measure: Measure,
): readonly Tick[] {
  const values = wholeWhereEndsAre(scale, scale.ticks(count));
  const texts = tickTexts(values);
  return values.map((value, index) => {
    const text = texts[index] ?? '';
    const half = measure(text) / 2;
    return { value, text, place: Math.max(half, Math.min(width - half, scale(value))) };
  });
}

/** Steps and positions are counted: between whole ends that lie apart, nothing is at a half. */
function wholeWhereEndsAre(scale: ScaleLinear<number, number>, ticks: readonly number[]): readonly number[] {
  const [start = 0, end = 0] = scale.domain();
  const counted = Number.isInteger(start) && Number.isInteger(end) && end - start > 1;
  return counted ? ticks.filter(Number.isInteger) : ticks;
}
