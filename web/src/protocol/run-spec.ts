/** What a run is: everything that decides its bits, and how many workers may share its steps. */

export type EngineName = 'relaxed' | 'simd128';

/** Configuration fields set by hand, as text: the engine checks them and names the wrong one. */
export type Settings = Readonly<Record<string, string>>;

export interface RunSpec {
  readonly preset: string;
  /** Empty for the preset's first. */
  readonly variant: string;
  /** `auto` for the faster one that this browser runs. */
  readonly engine: 'auto' | EngineName;
  /** How many workers share a step at most; `auto` for as many as the pool has. The bits do not depend on it. */
  readonly workers: 'auto' | number;
  readonly settings: Settings;
}

/** A run's settings by key, as the engine reports them: `steps`, `learning_rate`, `tokens`, ... */
export type Configuration = Readonly<Record<string, number | string>>;

export function numberSetting(configuration: Configuration, key: string): number {
  const value = configuration[key];
  if (typeof value !== 'number') throw new Error(`the engine's configuration has no number ${key}`);
  return value;
}

export function textSetting(configuration: Configuration, key: string): string {
  const value = configuration[key];
  if (typeof value !== 'string') throw new Error(`the engine's configuration has no text ${key}`);
  return value;
}
