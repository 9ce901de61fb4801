import type { ControlName } from '../../address/page-state';
import type { Actions } from './actions';

export interface Shortcut {
  readonly key: string;
  readonly action: keyof Actions;
  /** Where a figure does without this control, its key does nothing either. */
  readonly control: ControlName;
}

const shortcuts: readonly Shortcut[] = [
  { key: 'p', action: 'playOrPause', control: 'play' },
  { key: 's', action: 'step', control: 'step' },
  { key: 'r', action: 'reset', control: 'reset' },
  { key: 'n', action: 'newSeed', control: 'seed' },
];

/** Those of a figure with these controls. */
export const shortcutsOf = (controls: readonly ControlName[]): readonly Shortcut[] =>
  controls.includes('keyboard') ? shortcuts.filter(({ control }) => controls.includes(control)) : [];

/** What matters of a key that is pressed. */
export type KeyPress = Pick<
  KeyboardEvent,
  'key' | 'repeat' | 'ctrlKey' | 'altKey' | 'metaKey' | 'isComposing' | 'defaultPrevented'
>;

/** A key that is held down acts once. */
export function findShortcut(keys: readonly Shortcut[], press: KeyPress): Shortcut | undefined {
  const { repeat, ctrlKey, altKey, metaKey, isComposing, defaultPrevented } = press;
  if (repeat || ctrlKey || altKey || metaKey || isComposing || defaultPrevented) return undefined;
  return keys.find(({ key }) => key === press.key.toLowerCase());
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
