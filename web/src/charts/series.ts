import type { ReadonlySignal } from '@preact/signals';
import type { Point } from './points';

export type LabelSide = 'above' | 'below';

/** What a line stands for, on which its colour and its dash depend. */
export type SeriesRole =
  | 'model'
  | 'gradient-descent'
  | 'least-squares'
  /** A reference of which only some tasks or views have one. */
  | 'task-reference'
  | 'zero'
  | 'plain'
  /** A single large point. */
  | 'mark';

/** One line of a chart. */
export interface Series {
  /** Tells it from the other lines of its chart. */
  readonly id: string;
  readonly role: SeriesRole;
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
