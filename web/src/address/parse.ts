import { languages, type Language } from '../i18n/language';
import type { RunSpec } from '../protocol/run-spec';
import type { Facts } from './facts';
import type { AddressNote } from './notes';
import {
  controlNames,
  defaultFigureId,
  defaultRun,
  firstVersion,
  newestVersion,
  starts,
  themes,
  type FigureSpec,
  type PageState,
} from './page-state';
import { splitQuery, type Pair } from './query';
import { isTracker } from './trackers';
import { checkName, checkNumber, checkSetting } from './values';

/**
 * The page's own keys. No setting of the engine has such a name. A later version may rename them: links keep the
 * meaning of the version that they say, in `v`, and those that say none are of the first.
 */
export const pageKeys = [
  'v',
  'lang',
  'theme',
  'view',
  'start',
  'controls',
  'figure',
  'preset',
  'variant',
  'engine',
  'workers',
] as const;
export type PageKey = (typeof pageKeys)[number];

const engines = ['auto', 'relaxed', 'simd128'] as const;

/** A step has so many parts to share. */
const mostWorkers = 16;

export interface ParsedAddress {
  readonly state: PageState;
  readonly notes: readonly AddressNote[];
  /** What is not the page's, as it stands in the address: it is kept there. */
  readonly foreign: readonly string[];
}

/** Reads a query string. Whatever is wrong in it is noted and left out. */
export function parsePageState(query: string, facts: Facts): ParsedAddress {
  const reader = new Reader(query, facts);
  const state: PageState = {
    version: reader.version(),
    lang: reader.name('lang', ['auto', ...languages] as readonly (Language | 'auto')[]) ?? 'auto',
    theme: reader.name('theme', themes) ?? 'auto',
    figure: reader.figure(),
  };
  return { state, notes: reader.notes, foreign: reader.foreign };
}

class Reader {
  readonly notes: AddressNote[] = [];
  readonly foreign: string[] = [];
  /** Of a key that is repeated, the last value counts. */
  private readonly own = new Map<string, string>();
  private readonly settings = new Map<string, string>();

  constructor(
    query: string,
    private readonly facts: Facts,
  ) {
    const settingKeys = new Set(facts.fields.map(({ key }) => key));
    for (const pair of splitQuery(query)) {
      if ((pageKeys as readonly string[]).includes(pair.key)) this.own.set(pair.key, pair.value);
      else if (settingKeys.has(pair.key)) this.settings.set(pair.key, pair.value);
      else this.keepForeign(pair);
    }
  }

  version(): number {
    const value = this.own.get('v') ?? String(firstVersion);
    const version = Number(value);
    const known = Number.isInteger(version) && version >= firstVersion && version <= newestVersion;
    if (!known) this.notes.push({ type: 'unknown-version', key: 'v', value });
    return newestVersion;
  }

  /** One of `names`; undefined when none is given, or a wrong one, which is noted. */
  name<Name extends string>(key: PageKey, names: readonly Name[]): Name | undefined {
    const value = this.own.get(key) ?? '';
    const found = names.find((name) => name === value);
    if (value !== '' && found === undefined) this.note(checkName(key, value, names));
    return found;
  }

  figure(): FigureSpec {
    const { views } = this.facts;
    return {
      id: this.figureId(),
      run: this.run(),
      views,
      view: this.name('view', views) ?? views[0] ?? '',
      controls: this.controls(),
      start: this.name('start', starts) ?? 'auto',
    };
  }

  private run(): RunSpec {
    const { presets } = this.facts;
    const preset =
      this.name(
        'preset',
        presets.map(({ name }) => name),
      ) ?? defaultRun.preset;
    const variants = presets.find(({ name }) => name === preset)?.variants.map(({ name }) => name) ?? [];
    const variant = this.name('variant', variants) ?? '';
    return {
      preset,
      variant: variant === variants[0] ? '' : variant,
      engine: this.name('engine', engines) ?? defaultRun.engine,
      workers: this.workers(),
      settings: this.checkedSettings(),
    };
  }

  private workers(): RunSpec['workers'] {
    const value = this.own.get('workers') ?? '';
    if (value === '' || value === 'auto') return 'auto';
    const range = { kind: 'integer', minimum: 1, maximum: mostWorkers };
    return this.note(checkNumber('workers', value, range)) ? Number(value) : 'auto';
  }

  /** In the order of the address. */
  private checkedSettings(): Record<string, string> {
    const settings: Record<string, string> = {};
    const fields = new Map(this.facts.fields.map((field) => [field.key, field]));
    for (const [key, value] of this.settings) {
      const field = fields.get(key);
      if (field && this.note(checkSetting(field, value))) settings[key] = value;
    }
    return settings;
  }

  /** All of them unless some are listed; `none` for none at all. */
  private controls(): FigureSpec['controls'] {
    const value = this.own.get('controls') ?? '';
    if (value === '') return controlNames;
    if (value === 'none') return [];
    const listed = value.split(',');
    for (const name of listed) this.note(checkName('controls', name, controlNames));
    return controlNames.filter((name) => listed.includes(name));
  }

  private figureId(): string {
    const value = this.own.get('figure') ?? '';
    if (value === '' || /^[\w-]+$/.test(value)) return value || defaultFigureId;
    this.notes.push({ type: 'not-an-id', key: 'figure', value });
    return defaultFigureId;
  }

  private keepForeign({ key, raw }: Pair): void {
    this.foreign.push(raw);
    if (!isTracker(key)) this.notes.push({ type: 'unknown-key', key });
  }

  /** Whether there was nothing to note. */
  private note(note: AddressNote | undefined): boolean {
    if (note) this.notes.push(note);
    return note === undefined;
  }
}
