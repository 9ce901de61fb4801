import { scaleLinear, type ScaleLinear } from 'd3-scale';
import { xTicks, yTicks, type Measure, type Tick } from './ticks';

/** The place that a chart has. */
export interface Box {
  /** In pixels. */
  readonly width: number;
  /** Pixels of the root's font size, on which all that is not a line depends. */
  readonly rem: number;
  /** Of a tick's text. */
  readonly measure: Measure;
}

/** The scales of a chart and the box they draw into, in pixels. */
export interface Plot {
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLinear<number, number>;
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly height: number;
  readonly box: Box;
}

/** Everything below in rem. */
const margin = { top: 0.65, right: 1.125, bottom: 1.65, left: 2.125 };
const height = { least: 13.125, most: 18.75, toWidth: 0.52 };
/** Between a tick and its text. */
const tickGap = 0.5;
/** Between the texts of two ticks along x. */
const textGap = 0.75;
const leastTickDistance = 5.5;

/** The axes that show all of `xDomain`, and heights from 0 to `yMaximum`, with room for what their ticks say. */
export function createPlot(box: Box, xDomain: readonly [number, number], yMaximum: number): Plot {
  const { width, rem, measure } = box;
  const total = Math.round(Math.min(height.most * rem, Math.max(height.least * rem, width * height.toWidth)));
  const top = margin.top * rem;
  const bottom = total - margin.bottom * rem;
  const y = scaleLinear([0, yMaximum > 0 && Number.isFinite(yMaximum) ? yMaximum : 1], [bottom, top]);
  const heights = yTicks(y);
  const widest = Math.max(0, ...heights.map(({ text }) => measure(text)));
  const left = Math.ceil(Math.max(margin.left * rem, widest + tickGap * rem));
  const right = Math.max(left + 1, width - margin.right * rem);
  const x = scaleLinear(finiteDomain(xDomain), [left, right]);
  const most = Math.floor((right - left) / (leastTickDistance * rem));
  const places = xTicks(x, most, Math.max(width, right), textGap * rem, measure);
  return { x, y, xTicks: places, yTicks: heights, left, right, top, bottom, height: total, box };
}

/** One that a scale can be made of, whatever a run has come to. */
function finiteDomain([start, end]: readonly [number, number]): [number, number] {
  if (!Number.isFinite(start)) return [0, 1];
  return [start, Number.isFinite(end) && end > start ? end : start + 1];
}
