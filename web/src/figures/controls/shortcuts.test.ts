import { describe, expect, test } from 'vitest';
import { controlNames } from '../../address/page-state';
import { findShortcut, shortcutsOf, type KeyPress } from './shortcuts';

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  repeat: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  isComposing: false,
  defaultPrevented: false,
  ...more,
});

const all = shortcutsOf(controlNames);

describe('a letter', () => {
  test.each([
    ['p', 'playOrPause'],
    ['S', 'step'],
    ['r', 'reset'],
    ['n', 'newSeed'],
  ])('%s is a shortcut for %s', (key, action) => {
    expect(findShortcut(all, press(key))?.action).toBe(action);
  });

  test.each<Partial<KeyPress>>([
    { repeat: true },
    { ctrlKey: true },
    { altKey: true },
    { metaKey: true },
    { isComposing: true },
    { defaultPrevented: true },
  ])('is none with %o', (more) => {
    expect(findShortcut(all, press('p', more))).toBeUndefined();
  });

  test('does nothing that a figure has no control for', () => {
    expect(shortcutsOf(['play', 'keyboard']).map(({ key }) => key)).toEqual(['p']);
    expect(shortcutsOf(['play', 'step'])).toEqual([]);
  });

  test('that means nothing does nothing', () => {
    expect(findShortcut(all, press('x'))).toBeUndefined();
  });
});
