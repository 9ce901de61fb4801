/** What the engine knows of its settings and presets, as far as an address needs it. */

export interface FieldFact {
  readonly key: string;
  /** `integer`, `real`, `flag`, `choice`, or `list`: names separated by commas. */
  readonly kind: string;
  /** Of numbers, like `maximum`. */
  readonly minimum: number;
  readonly maximum: number;
  /** The names that can be chosen; numbers have none. */
  readonly choices: readonly string[];
}

export interface PresetFact {
  readonly name: string;
  readonly variants: readonly { readonly name: string }[];
}

export interface Facts {
  readonly fields: readonly FieldFact[];
  readonly presets: readonly PresetFact[];
  /** The kinds of analysis, in the order of their tabs. */
  readonly views: readonly string[];
}
