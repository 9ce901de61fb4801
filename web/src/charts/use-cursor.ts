import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { walk } from './cursor';
import { nearestIndex, type Point } from './points';

export interface Cursor {
  /** Where it stands along x, and between which ends. */
  readonly position: ReadonlySignal<number>;
  readonly start: ReadonlySignal<number>;
  readonly end: ReadonlySignal<number>;
  /** Whether someone has put it there; left alone, it stays at the newest place. */
  readonly held: ReadonlySignal<boolean>;
  /** Puts it on the place nearest to `x`. */
  readonly hold: (x: number) => void;
  readonly release: () => void;
  /** Arrow keys, Page up and down, Home, End and Escape; returns whether the key was one of them. */
  readonly press: (key: string) => boolean;
}

/** A cursor that stands at one of `places`, and stays there when places come or go elsewhere. */
export function useCursor(places: ReadonlySignal<readonly Point[]>): Cursor {
  return useMemo(() => createCursor(places), [places]);
}

function createCursor(places: ReadonlySignal<readonly Point[]>): Cursor {
  const chosen = signal<number | undefined>(undefined);
  const last = computed(() => Math.max(0, places.value.length - 1));
  const index = computed(() =>
    chosen.value === undefined ? last.value : Math.max(0, nearestIndex(places.value, chosen.value)),
  );
  const release = (): void => {
    chosen.value = undefined;
  };
  const place = (at: () => number): ReadonlySignal<number> =>
    computed(() => {
      const x = places.value[at()]?.x ?? 0;
      return Number.isFinite(x) ? x : 0;
    });
  return {
    position: place(() => index.value),
    start: place(() => 0),
    end: place(() => last.value),
    held: computed(() => chosen.value !== undefined),
    hold: (x) => {
      if (Number.isFinite(x)) chosen.value = x;
    },
    release,
    press: (key) => {
      const next = walk(key, index.value, last.value);
      if (next === 'release') release();
      else if (next !== undefined) chosen.value = places.value[next]?.x;
      return next !== undefined;
    },
  };
}
