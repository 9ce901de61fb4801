import type { ReadonlySignal } from '@preact/signals';
import type { Point } from './points';

export type LabelSide = 'above' | 'below';

/** One line of a chart. */
export interface Series {
  /** Names its style: `line-model`, `line-zero`, ... */
  readonly id: string;
  readonly label: string;
  /** In order of x. */
  readonly points: ReadonlySignal<readonly Point[]>;
  /** Named in the legend only once it has points: for lines that few runs have. */
  readonly ifMeasured?: boolean;
  /** Its place among lines that form a scale: 0 has the first colour, 1 the last. */
  readonly tone?: number;
  /** Another one is to be looked at. */
  readonly faint?: ReadonlySignal<boolean>;
  /** A mark rather than a line: not in the legend. */
  readonly unlisted?: boolean;
  /** Which side of its right end the line's label stands on; without it there is none. */
  readonly labelSide?: ReadonlySignal<LabelSide>;
}
