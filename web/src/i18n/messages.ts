import { IntlMessageFormat } from 'intl-messageformat';
import type { ComponentChildren } from 'preact';
import { language, type Language } from './language';

type Value = string | number;
/** What a tag such as <link>words</link> becomes. */
type Tag = (words: ComponentChildren) => ComponentChildren;

/** Whole sentences by key, in ICU syntax: {name}, {count, plural, one {# step} other {# steps}}, <em>words</em>. */
export type Catalogue = Readonly<Record<string, string>>;

/** Says a catalogue's messages in the language of the page. Where a signal is read, it is a dependency. */
export interface Messages<Key extends string> {
  (key: Key, values?: Readonly<Record<string, Value>>): string;
  /** A message with tags, or with values that are elements. */
  rich(key: Key, values: Readonly<Record<string, Value | ComponentChildren | Tag>>): ComponentChildren;
  has(key: string): key is Key;
}

/** Each folder has catalogues of its own; another language has the keys of the English one. */
export function createMessages<const English extends Catalogue>(
  catalogues: { readonly en: English } & Readonly<
    Partial<Record<Exclude<Language, 'en'>, Record<keyof English, string>>>
  >,
): Messages<keyof English & string> {
  type Key = keyof English & string;
  const parsed = new Map<string, IntlMessageFormat>();
  const format = (key: Key): IntlMessageFormat => {
    const id = `${language.value} ${key}`;
    const texts: Catalogue = catalogues[language.value];
    const found = parsed.get(id) ?? new IntlMessageFormat(texts[key] ?? key, language.value);
    parsed.set(id, found);
    return found;
  };
  const say = (key: Key, values?: Readonly<Record<string, Value>>): string =>
    String(format(key).format(values));
  return Object.assign(say, {
    rich: (key: Key, values: Readonly<Record<string, Value | ComponentChildren | Tag>>): ComponentChildren =>
      format(key).format<ComponentChildren>(values as never) as ComponentChildren,
    has: (key: string): key is Key => Object.hasOwn(catalogues.en, key),
  });
}
