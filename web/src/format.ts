const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** 3 × 10⁻³, in one unbreakable piece */
function scientific(value: number): string {
  const [digits = '', exponent = ''] = value.toExponential(1).split('e');
  const power = Array.from(String(Math.abs(Number(exponent))), (digit) => superscripts[Number(digit)]);
  const sign = exponent.startsWith('-') ? '⁻' : '';
  return `${digits.replace('.0', '')}\u00a0×\u00a010${sign}${power.join('')}`;
}

/** 12 s, 3 min 20 s, 2 h 5 min */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** 1,500 */
export const integer = (value: number): string => value.toLocaleString('en');

/** Two significant digits: 0.15, 33, 7.1 × 10⁻⁷ */
export function rough(value: number): string {
  const size = Math.abs(value);
  const plain = size === 0 || (size >= 0.01 && size < 1000);
  const text = plain ? String(Number(value.toPrecision(2))) : scientific(value);
  return text.replace('-', '−');
}

/** A loss, to the same three decimals as all others: 0.897; 4.8 × 10⁵⁰ once it has gone astray. */
export const loss = (value: number): string => (value < 1000 ? value.toFixed(3) : scientific(value));

/** 34 % */
export const percent = (share: number): string => `${Math.round(100 * share)}\u00a0%`;
