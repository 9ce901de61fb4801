/** What of an address could not be used. The page says so and goes on with the rest. */
export type AddressNote =
  | { readonly type: 'unknown-key'; readonly key: string }
  | {
      readonly type: 'unknown-name';
      readonly key: string;
      readonly value: string;
      /** What could have been chosen. */
      readonly names: readonly string[];
    }
  | { readonly type: 'not-a-number'; readonly key: string; readonly value: string }
  | { readonly type: 'not-whole'; readonly key: string; readonly value: string }
  | {
      readonly type: 'out-of-range';
      readonly key: string;
      readonly value: string;
      readonly minimum: number;
      readonly maximum: number;
    }
  /** A name of a figure that holds more than letters, digits, hyphens and underscores. */
  | { readonly type: 'not-an-id'; readonly key: string; readonly value: string }
  /** The link was made by a later version of the page, which may mean something else by its keys. */
  | { readonly type: 'unknown-version'; readonly key: string; readonly value: string };
