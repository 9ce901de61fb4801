/** The runs that the engine knows by name. */

import { fields, presets } from '@facts';
import type { Configuration, RunSpec } from '../protocol/run-spec';

interface Variant {
  readonly name: string;
  /** What differs from the fields' defaults. */
  readonly settings: Readonly<Record<string, string>>;
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

function presetTexts(spec: RunSpec): Readonly<Record<string, string>> {
  const variant = presetOf(spec.preset)?.variants.find(({ name }) => name === variantOf(spec));
  const defaults = fields.map(({ key, default: text }) => [key, text] as const);
  return { ...Object.fromEntries(defaults), ...variant?.settings };
}

/** What a number is in a preset before anything is set by hand. */
export function presetNumber(spec: RunSpec, key: string): number | undefined {
  const text = presetTexts(spec)[key];
  return text === undefined ? undefined : Number(text);
}

const isNumber = (kind: string): boolean => kind === 'integer' || kind === 'real';

/** A run's settings as far as they can be told without the engine, which knows what follows from others. */
export function plannedConfiguration(spec: RunSpec): Configuration {
  const texts = { ...presetTexts(spec), ...spec.settings };
  return Object.fromEntries(
    fields.map(({ key, kind }) => {
      const text = texts[key] ?? '';
      return [key, isNumber(kind) ? Number(text) : text];
    }),
  );
}
