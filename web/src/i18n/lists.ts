import { language, type Language } from './language';

/** Formatters are slow to make and quick to use. */
function createList(options: Intl.ListFormatOptions): (texts: readonly string[]) => string {
  const formats = new Map<Language, Intl.ListFormat>();
  return (texts) => {
    const format = formats.get(language.value) ?? new Intl.ListFormat(language.value, options);
    formats.set(language.value, format);
    return format.format(texts);
  };
}

/** Some names of which one is meant: a, b, or c */
export const eitherOf = createList({ type: 'disjunction' });

/** One text after the other: a, b, c */
export const inRow = createList({ type: 'unit', style: 'short' });

/** Parts of one quantity: 3 min 20 sec */
export const sideBySide = createList({ type: 'unit', style: 'narrow' });
