/** Checks of what a worker sent, which TypeScript cannot see: a `Shape` returns it typed, or throws. */

export type Shape<Value> = (value: unknown, name: string) => Value;

/** What a shape returns. */
export type Shaped<Any extends Shape<unknown>> = ReturnType<Any>;

/** A matrix, rows first. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly entries: Float64Array;
}

function expected(what: string, name: string, value: unknown): never {
  throw new TypeError(`${name}: expected ${what}, got ${typeof value}`);
}

export const number: Shape<number> = (value, name) =>
  typeof value === 'number' ? value : expected('a number', name, value);

export const text: Shape<string> = (value, name) =>
  typeof value === 'string' ? value : expected('a text', name, value);

export const numbers: Shape<Float64Array> = (value, name) =>
  value instanceof Float64Array ? value : expected('numbers', name, value);

export function record<Fields extends Record<string, Shape<unknown>>>(
  fields: Fields,
): Shape<{ readonly [Key in keyof Fields]: Shaped<Fields[Key]> }> {
  return (value, name) => {
    if (typeof value !== 'object' || value === null) return expected('an object', name, value);
    for (const [key, field] of Object.entries(fields)) {
      field((value as Record<string, unknown>)[key], `${name}.${key}`);
    }
    return value as { readonly [Key in keyof Fields]: Shaped<Fields[Key]> };
  };
}

export function list<Item>(item: Shape<Item>): Shape<readonly Item[]> {
  return (value, name) => {
    if (!Array.isArray(value)) return expected('a list', name, value);
    return value.map((one: unknown, index) => item(one, `${name}[${index}]`));
  };
}

export function optional<Value>(shape: Shape<Value>): Shape<Value | undefined> {
  return (value, name) => (value === undefined ? undefined : shape(value, name));
}

const parts = record({ rows: number, columns: number, entries: numbers });

export const matrix: Shape<Matrix> = (value, name) => {
  const { rows, columns, entries } = parts(value, name);
  if (entries.length !== rows * columns) return expected(`${rows} by ${columns} entries`, name, value);
  return { rows, columns, entries };
};
