import { IntlMessageFormat } from 'intl-messageformat';
import { createElement, Fragment, type ComponentChildren, type VNode } from 'preact';
import { language, type Language } from './language';
import type { ParametersOf, TagsOf } from './parameters';

type Value = string | number;
/** What a tag such as <link>words</link> becomes. */
export type Tag = (words: ComponentChildren) => ComponentChildren;

/** Whole sentences by key, in ICU syntax: {name}, {count, plural, one {# step} other {# steps}}, <em>words</em>. */
export type Catalogue = Readonly<Record<string, string>>;

type Values<Message extends string> = Readonly<Record<ParametersOf<Message>, Value>>;
type RichValues<Message extends string> = Readonly<
  Record<ParametersOf<Message>, ComponentChildren> & Record<TagsOf<Message>, Tag>
>;
/** The values of any of several messages; none for messages without parameters. */
type Arguments<All> = [keyof All] extends [never] ? [values?: Readonly<Record<never, never>>] : [values: All];

/** Says a catalogue's messages in the language of the page. Where a signal is read, it is a dependency. */
export interface Messages<English extends Catalogue> {
  <Key extends keyof English & string>(key: Key, ...values: Arguments<Values<English[Key]>>): string;
  /** A message with tags, or with values that are elements. */
  rich: <Key extends keyof English & string>(key: Key, values: RichValues<English[Key]>) => VNode;
  /** For keys and parameters that are data, such as those of the engine's errors. */
  dynamic: (key: keyof English & string, values: Readonly<Record<string, Value>>) => string;
  richDynamic: (
    key: keyof English & string,
    values: Readonly<Record<string, ComponentChildren | Tag>>,
  ) => VNode;
  has: (key: string) => key is keyof English & string;
  /** For tests and translators. */
  readonly catalogues: Readonly<Partial<Record<Language, Catalogue>>>;
}

/** Each folder has catalogues of its own; another language has the keys of the English one. */
export function createMessages<const English extends Catalogue>(
  catalogues: { readonly en: English } & Readonly<
    Partial<Record<Exclude<Language, 'en'>, Record<keyof English, string>>>
  >,
): Messages<English> {
  type Key = keyof English & string;
  const parsed = new Map<string, IntlMessageFormat>();
  const format = (key: Key): IntlMessageFormat => {
    const id = `${language.value} ${key}`;
    const texts: Catalogue = catalogues[language.value];
    const found = parsed.get(id) ?? new IntlMessageFormat(texts[key] ?? key, language.value);
    parsed.set(id, found);
    return found;
  };
  const text = (key: Key, values?: Readonly<Record<string, Value>>): string =>
    String(format(key).format(values));
  const rich = (key: Key, values: object): VNode => {
    const said = format(key).format<ComponentChildren>(values as Record<string, ComponentChildren>);
    const parts: readonly ComponentChildren[] = Array.isArray(said) ? said : [said];
    return createElement(Fragment, null, ...parts);
  };
  return Object.assign(text as Messages<English>, {
    rich,
    dynamic: text,
    richDynamic: rich,
    has: (key: string): key is Key => Object.hasOwn(catalogues.en, key),
    catalogues,
  });
}
