import { effect } from '@preact/signals';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { palette, setTheme, theme } from './theme';

/** Knows how many listen to it. */
class Source extends EventTarget {
  listening = 0;
  matches = false;

  override addEventListener(...order: Parameters<EventTarget['addEventListener']>): void {
    this.listening += 1;
    super.addEventListener(...order);
  }

  override removeEventListener(...order: Parameters<EventTarget['removeEventListener']>): void {
    this.listening -= 1;
    super.removeEventListener(...order);
  }
}

const root = { dataset: {} as Record<string, string> };
const page = new Source();
const system = new Source();

function systemTurns(dark: boolean): void {
  system.matches = dark;
  system.dispatchEvent(new Event('change'));
}

beforeEach(() => {
  vi.stubGlobal('document', { documentElement: root });
  vi.stubGlobal('matchMedia', () => system);
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
});

afterEach(() => {
  setTheme('auto');
  system.matches = false;
  vi.unstubAllGlobals();
});

test('the root says the theme, unless the system has it', () => {
  setTheme('projector');
  expect([theme.value, root.dataset.theme]).toEqual(['projector', 'projector']);
  setTheme('auto');
  expect([theme.value, root.dataset.theme]).toEqual(['auto', undefined]);
});

test('the palette follows the system, the theme and the printer while somebody watches, and then nothing listens', () => {
  const seen: string[] = [];
  system.matches = true;
  const stop = effect(() => {
    seen.push(palette.value);
  });
  systemTurns(false);
  systemTurns(true);
  page.dispatchEvent(new Event('beforeprint'));
  page.dispatchEvent(new Event('afterprint'));
  setTheme('projector');
  setTheme('dark');
  expect(seen).toEqual(['dark', 'light', 'dark', 'light', 'dark', 'light', 'dark']);

  setTheme('auto');
  expect([page.listening, system.listening]).toEqual([2, 1]);
  stop();
  expect([page.listening, system.listening]).toEqual([0, 0]);
});
