/** Query strings, read and written so that every value comes back as it was: a plus sign is a plus sign. */

export interface Pair {
  readonly key: string;
  readonly value: string;
  /** As it stood in the address. */
  readonly raw: string;
}

/** A percent sign that begins no code stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function splitQuery(query: string): Pair[] {
  return query
    .replace(/^\?/, '')
    .split('&')
    .filter((raw) => raw !== '')
    .map((raw) => {
      const [key = '', ...rest] = raw.split('=');
      return { key: decode(key), value: decode(rest.join('=')), raw };
    });
}

/** Commas and colons stay, so that lists can be read. A plus sign is written as a code, since others read it as a space. */
const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll('%2C', ',').replaceAll('%3A', ':');

export const formatPair = (key: string, value: string): string => `${encode(key)}=${encode(value)}`;
