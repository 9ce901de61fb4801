import { computed, signal, type ReadonlySignal } from '@preact/signals';

/** `auto` follows the system; `projector` is light, with larger text and stronger lines. */
export type Theme = 'auto' | 'light' | 'dark' | 'projector';

const chosen = signal<Theme>('auto');

/** The page's theme. Its owner is the entry. */
export const theme: ReadonlySignal<Theme> = chosen;

export function setTheme(next: Theme): void {
  chosen.value = next;
  if (next === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
}

/** Whether the system asks for dark colours; listens only while somebody watches. */
function createDarkScheme(): ReadonlySignal<boolean> {
  let query: MediaQueryList | undefined;
  const follow = (): void => {
    dark.value = query?.matches ?? false;
  };
  const dark = signal(false, {
    watched: () => {
      query = matchMedia('(prefers-color-scheme: dark)');
      query.addEventListener('change', follow);
      follow();
    },
    unwatched: () => query?.removeEventListener('change', follow),
  });
  return dark;
}

/** Whether the page is being printed; listens only while somebody watches. */
function createPrinting(): ReadonlySignal<boolean> {
  const begin = (): void => {
    printing.value = true;
  };
  const end = (): void => {
    printing.value = false;
  };
  const printing = signal(false, {
    watched: () => {
      addEventListener('beforeprint', begin);
      addEventListener('afterprint', end);
    },
    unwatched: () => {
      removeEventListener('beforeprint', begin);
      removeEventListener('afterprint', end);
      end();
    },
  });
  return printing;
}

const dark = createDarkScheme();
const printing = createPrinting();

/** Which of the two sets of colours holds now, for what style sheets cannot reach. Paper is light. */
export const palette: ReadonlySignal<'light' | 'dark'> = computed(() => {
  const scheme = chosen.value === 'auto' && dark.value ? 'dark' : chosen.value;
  return scheme === 'dark' && !printing.value ? 'dark' : 'light';
});
