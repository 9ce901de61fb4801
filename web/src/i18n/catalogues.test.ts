/// <reference types="vite/types/importMeta.d.ts" />
import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, test } from 'vitest';
import { languages, type Language } from './language';
import { createMessages, type Catalogue, type Messages } from './messages';

interface Module {
  readonly say?: Pick<Messages<Catalogue>, 'catalogues'>;
}

const modules = import.meta.glob<Module>('../**/messages.ts', { eager: true });
const folders = Object.entries(modules).flatMap(([path, { say }]) =>
  path === './messages.ts' || !say ? [] : [[path, say.catalogues] as const],
);

type Element = ReturnType<IntlMessageFormat['getAst']>[number];

/** Of the parser's elements that are text. */
const literalType = 0;

/** The parameters and tags of a message, with what kind of parameter each is. */
function placesIn(elements: readonly Element[]): string[] {
  const places = elements.flatMap((element): string[] => {
    // Texts and the # of a plural are nobody's parameters.
    const type: number = element.type;
    if (!('value' in element) || type === literalType) return [];
    const inside = [
      ...('options' in element ? Object.values(element.options).flatMap(({ value }) => placesIn(value)) : []),
      ...('children' in element ? placesIn(element.children) : []),
    ];
    return [`${element.value} (${type})`, ...inside];
  });
  return [...new Set(places)].sort();
}

const placesOf = (message: string, language: Language): string[] =>
  placesIn(new IntlMessageFormat(message, language).getAst());

const catalogueOf = (catalogues: Messages<Catalogue>['catalogues'], language: Language): Catalogue => {
  const catalogue = catalogues[language];
  if (!catalogue) throw new Error(`there is no catalogue in ${language}`);
  return catalogue;
};

test('catalogues are found', () => {
  expect(folders.length).toBeGreaterThan(8);
});

describe.each(folders)('%s', (_, catalogues) => {
  const english = catalogueOf(catalogues, 'en');

  describe.each(languages)('in %s', (language) => {
    const catalogue = catalogueOf(catalogues, language);

    test('has the messages of the English one', () => {
      expect(Object.keys(catalogue)).toEqual(Object.keys(english));
    });

    test.each(Object.entries(catalogue))(
      '%s has the parameters and tags of the English one',
      (key, message) => {
        expect(message.trim()).not.toBe('');
        expect(placesOf(message, language)).toEqual(placesOf(english[key] ?? '', 'en'));
      },
    );
  });
});

test('parameters and tags are found wherever they are', () => {
  const { catalogues } = createMessages({
    en: { one: '{a} of <b>{n, plural, one {# {c}} other {<d>#</d>}}</b>' },
  });
  expect(placesOf(catalogueOf(catalogues, 'en').one ?? '', 'en')).toEqual([
    'a (1)',
    'b (8)',
    'c (1)',
    'd (8)',
    'n (6)',
  ]);
  expect(() => placesOf('{a', 'en')).toThrow();
});
