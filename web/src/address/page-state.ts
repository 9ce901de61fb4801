/** What an address says of a page: its language, its theme, and the figure that it shows. */

import type { Language } from '../i18n/language';
import type { RunSpec } from '../protocol/run-spec';
import type { Theme } from '../styles/theme';

export const themes: readonly Theme[] = ['auto', 'light', 'dark', 'projector'];

/** What a visitor can set about a figure. Each of them can be left out. */
export const controlNames = ['play', 'step', 'reset', 'seed', 'run', 'keyboard'] as const;
export type ControlName = (typeof controlNames)[number];

/** When a figure begins to train: by itself once it is seen, or when somebody asks for it. */
export const starts = ['auto', 'click'] as const;
export type Start = (typeof starts)[number];

export interface FigureSpec {
  /** Names the figure on its page. */
  readonly id: string;
  readonly run: RunSpec;
  /** The analyses that can be looked at, in the order of their tabs. Without any, the figure has no tabs. */
  readonly views: readonly string[];
  /** The one that is looked at: one of `views`. */
  readonly view: string;
  readonly controls: readonly ControlName[];
  readonly start: Start;
}

export interface PageState {
  /** Of the keys that the address is written in. */
  readonly version: number;
  /** `auto`: what the browser asks for. */
  readonly lang: Language | 'auto';
  readonly theme: Theme;
  readonly figure: FigureSpec;
}

/** Addresses without a version are of this one. */
export const firstVersion = 1;
export const newestVersion = 1;

export const defaultRun: RunSpec = {
  preset: 'linear-1',
  variant: '',
  engine: 'auto',
  workers: 'auto',
  settings: {},
};

export const defaultFigureId = 'main';
