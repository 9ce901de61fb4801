import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import type { PageFigures } from '../page-figures';
import type { Actions } from './actions';
import { findShortcut, placeOf, type Shortcut } from './shortcuts';

/** Has letters act on the figure that has the focus, or on the only one there is. */
export function useShortcuts(
  keys: readonly Shortcut[],
  actions: Actions,
  element: RefObject<Element | null>,
  page: PageFigures,
): void {
  useEffect(() => {
    const follow = (event: KeyboardEvent): void => {
      const shortcut = page.shortcutsEnabled.value ? findShortcut(keys, event) : undefined;
      if (!shortcut) return;
      const place = placeOf(event.target, element.current);
      const alone = page.all.value.length === 1;
      if (place === 'inside' || (place === 'elsewhere' && alone)) actions[shortcut.action]();
    };
    window.addEventListener('keydown', follow);
    return () => {
      window.removeEventListener('keydown', follow);
    };
  }, [keys, actions, element, page]);
}
