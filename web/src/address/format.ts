import {
  controlNames,
  defaultFigureId,
  defaultRun,
  firstVersion,
  type FigureSpec,
  type PageState,
} from './page-state';
import type { PageKey } from './parse';
import { formatPair } from './query';

/**
 * The shortest query string that says this: what stands at its default is left out. `foreign` is what was found in the
 * address and belongs to others.
 */
export function formatPageState(state: PageState, foreign: readonly string[] = []): string {
  const { version, lang, theme, figure } = state;
  const { run } = figure;
  const own: readonly (readonly [key: PageKey, value: string, left: string])[] = [
    ['v', String(version), String(firstVersion)],
    ['lang', lang, 'auto'],
    ['theme', theme, 'auto'],
    ['figure', figure.id, defaultFigureId],
    ['preset', run.preset, defaultRun.preset],
    ['variant', run.variant, defaultRun.variant],
    ['engine', run.engine, defaultRun.engine],
    ['workers', String(run.workers), String(defaultRun.workers)],
    ['view', figure.view, figure.views[0] ?? ''],
    ['start', figure.start, 'auto'],
    ['controls', formatControls(figure), controlNames.join()],
  ];
  const parts = [
    ...own.filter(([, value, left]) => value !== left).map(([key, value]) => formatPair(key, value)),
    ...Object.entries(run.settings).map(([key, value]) => formatPair(key, value)),
    ...foreign,
  ];
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

const formatControls = ({ controls }: FigureSpec): string =>
  controls.length === 0 ? 'none' : controls.join();
