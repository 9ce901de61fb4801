import { languages, type Language } from '../i18n/language';

/** The language that is asked for, or the first of those that a visitor reads which the page speaks. */
export function chooseLanguage(wanted: Language | 'auto', read: readonly string[]): Language {
  if (wanted !== 'auto') return wanted;
  const spoken = (tag: string): Language | undefined =>
    languages.find((language) => tag.toLowerCase().split('-')[0] === language);
  return read.map(spoken).find((language) => language !== undefined) ?? 'en';
}
