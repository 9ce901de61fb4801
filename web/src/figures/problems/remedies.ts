import { defaultRun } from '../../address/page-state';
import type { Problem } from '../../protocol/problem';
import type { RunSpec } from '../../protocol/run-spec';

/** A way on: another run, or the same one again. */
export type Remedy =
  | { readonly type: 'without'; readonly field: string; readonly spec: RunSpec }
  /** The preset as it is, without what was set by hand. */
  | { readonly type: 'preset'; readonly spec: RunSpec }
  | { readonly type: 'default'; readonly spec: RunSpec }
  | { readonly type: 'slower'; readonly rate: number; readonly spec: RunSpec }
  | { readonly type: 'simd128'; readonly spec: RunSpec }
  /** After a loss, `again`; where something did not arrive, `retry`. */
  | { readonly type: 'again' | 'retry' };

/** What the remedies depend on besides the problem. */
export interface Circumstances {
  readonly spec: RunSpec;
  /** Of the run that has the problem. */
  readonly learningRate: number | undefined;
  /** Of its preset, before anything is set by hand. */
  readonly presetRate: number | undefined;
}

/** The ways on after a problem, the most promising first. Other runs can be chosen in any case. */
export function remediesOf({ kind, code, field }: Problem, circumstances: Circumstances): Remedy[] {
  const { spec } = circumstances;
  switch (kind) {
    case 'configuration':
      if (code === 'no_relaxed_simd') return [{ type: 'simd128', spec: { ...spec, engine: 'simd128' } }];
      return [...without(spec, field), ...asItIs(spec)];
    case 'memory':
      return [...without(spec, field), ...asItIs(spec)];
    case 'diverged':
      return isRateAtFault(circumstances)
        ? [...slower(circumstances), ...asItIs(spec)]
        : [...asItIs(spec), ...slower(circumstances)];
    case 'lost':
      return [{ type: 'again' }, ...asItIs(spec)];
    case 'unavailable':
      return [{ type: 'retry' }];
    case 'unsupported':
      return [];
  }
}

function omit(spec: RunSpec, key: string): RunSpec {
  return {
    ...spec,
    settings: Object.fromEntries(Object.entries(spec.settings).filter(([one]) => one !== key)),
  };
}

/** Only where it is not the same as the preset as it is. */
function without(spec: RunSpec, field: string | undefined): Remedy[] {
  const { settings } = spec;
  if (field === undefined || !(field in settings) || Object.keys(settings).length === 1) return [];
  return [{ type: 'without', field, spec: omit(spec, field) }];
}

function asItIs(spec: RunSpec): Remedy[] {
  const changed = Object.keys(spec.settings).length > 0;
  const { engine, workers } = spec;
  const isDefault = spec.preset === defaultRun.preset && spec.variant === defaultRun.variant;
  return [
    ...(changed && !isDefault ? [{ type: 'preset' as const, spec: { ...spec, settings: {} } }] : []),
    ...(changed || !isDefault
      ? [{ type: 'default' as const, spec: { ...defaultRun, engine, workers } }]
      : []),
  ];
}

/** A rate above the preset's, or nothing else that was set by hand. */
function isRateAtFault({ spec, learningRate = 0, presetRate = 0 }: Circumstances): boolean {
  const others = Object.keys(spec.settings).filter((key) => key !== 'learning_rate' && key !== 'seed');
  return learningRate > presetRate || others.length === 0;
}

/** The preset's own rate where a larger one was set; otherwise a tenth. At rate 0 it was something else. */
function slower({ spec, learningRate = 0, presetRate = 0 }: Circumstances): Remedy[] {
  if (!(learningRate > 0)) return [];
  if (presetRate > 0 && presetRate < learningRate) {
    return [{ type: 'slower', rate: presetRate, spec: omit(spec, 'learning_rate') }];
  }
  const rate = Number((learningRate / 10).toPrecision(3));
  const settings = { ...spec.settings, learning_rate: String(rate) };
  return [{ type: 'slower', rate, spec: { ...spec, settings } }];
}
