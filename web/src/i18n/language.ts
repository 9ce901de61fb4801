import { signal } from '@preact/signals';

/** The languages that the page speaks. */
export const languages = ['en'] as const;
export type Language = (typeof languages)[number];

/** The language that the page speaks now. Its owner is the entry. */
export const language = signal<Language>('en');

/** Makes the document say which language it is in, for screen readers, hyphenation and fonts. */
export function setLanguage(chosen: Language): void {
  language.value = chosen;
  document.documentElement.lang = chosen;
}
