import type { Actions } from './actions';

export interface Shortcut {
  readonly key: string;
  readonly action: keyof Actions;
}

export const shortcuts: readonly Shortcut[] = [
  { key: 'p', action: 'playOrPause' },
  { key: 's', action: 'step' },
  { key: 'r', action: 'reset' },
  { key: 'n', action: 'newSeed' },
];

/** What matters of a key that is pressed. */
export type KeyPress = Pick<
  KeyboardEvent,
  'key' | 'repeat' | 'ctrlKey' | 'altKey' | 'metaKey' | 'isComposing' | 'defaultPrevented'
>;

/** A key that is held down acts once. */
export function shortcutOf(press: KeyPress): Shortcut | undefined {
  const { repeat, ctrlKey, altKey, metaKey, isComposing, defaultPrevented } = press;
  if (repeat || ctrlKey || altKey || metaKey || isComposing || defaultPrevented) return undefined;
  return shortcuts.find(({ key }) => key === press.key.toLowerCase());
}

/** Where a key is pressed: in the figure, elsewhere on the page, or where it is for another figure or for typing. */
export type Place = 'inside' | 'elsewhere' | 'taken';

/** A figure's element has this attribute, so that its keys are not taken for those of another. */
export const figureAttribute = 'data-figure';

export function placeOf(target: EventTarget | null, figure: Element | null): Place {
  if (!(target instanceof Element)) return 'elsewhere';
  if (target.closest('input, select, textarea, [contenteditable]')) return 'taken';
  const owner = target.closest(`[${figureAttribute}]`);
  if (!owner) return 'elsewhere';
  return owner === figure ? 'inside' : 'taken';
}
