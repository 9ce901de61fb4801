import { describe, expect, test } from 'vitest';
import { shortcutOf, type KeyPress } from './shortcuts';

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

describe('a letter', () => {
  test.each([
    ['p', 'playOrPause'],
    ['S', 'step'],
    ['r', 'reset'],
    ['n', 'newSeed'],
  ])('%s is a shortcut for %s', (key, action) => {
    expect(shortcutOf(press(key))?.action).toBe(action);
  });

  test.each<Partial<KeyPress>>([
    { repeat: true },
    { ctrlKey: true },
    { altKey: true },
    { metaKey: true },
    { isComposing: true },
    { defaultPrevented: true },
  ])('is none with %o', (more) => {
    expect(shortcutOf(press('p', more))).toBeUndefined();
  });

  test('that means nothing does nothing', () => {
    expect(shortcutOf(press('x'))).toBeUndefined();
  });
});
