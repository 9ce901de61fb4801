/** The runs that the engine knows by name. */

import { fields, presets } from '@facts';
import type { RunSpec } from '../protocol/run-spec';

interface Variant {
  readonly name: string;
  /** What differs from the fields' defaults. */
  readonly settings: Readonly<Partial<Record<string, string>>>;
}

interface Preset {
  readonly name: string;
  readonly title: string;
  readonly variants: readonly Variant[];
}

export const allPresets: readonly Preset[] = presets;

const presetOf = (name: string): Preset | undefined => allPresets.find((preset) => preset.name === name);

/** The variant of a run, also where it is left to the preset. */
export function variantOf({ preset, variant }: Pick<RunSpec, 'preset' | 'variant'>): string {
  return variant || (presetOf(preset)?.variants[0]?.name ?? '');
}

/** The spec's `variant` for a variant's name: empty for a preset's first. */
export const variantChoice = (preset: string, name: string): string =>
  name === variantOf({ preset, variant: '' }) ? '' : name;

/** What a number is in a preset before anything is set by hand. */
export function presetNumber(spec: RunSpec, key: string): number | undefined {
  const variant = presetOf(spec.preset)?.variants.find(({ name }) => name === variantOf(spec));
  const text = variant?.settings[key] ?? fields.find((field) => field.key === key)?.default;
  return text === undefined ? undefined : Number(text);
}
