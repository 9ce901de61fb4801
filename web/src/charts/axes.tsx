import type { ReadonlySignal } from '@preact/signals';
import styles from './line-chart.module.css';
import type { Plot } from './plot';

/** Grid lines and ticks; drawn again only when the scales change. */
export function Axes({ plot }: { plot: ReadonlySignal<Plot> }) {
  const { x, y, xTicks, yTicks, left, right, bottom, box } = plot.value;
  return (
    <g>
      {yTicks.map(({ value, text, place }) => (
        <g key={`${value} ${text}`}>
          <line class={styles.grid} x1={left} x2={right} y1={y(value)} y2={y(value)} />
          <text class={styles.tickY} data-part="tick-y" x={left - 0.5 * box.rem} y={place}>
            {text}
          </text>
        </g>
      ))}
      <line class={styles.axis} x1={left} x2={right} y1={bottom} y2={bottom} />
      {xTicks.map(({ value, text, place }) => (
        <g key={`${value} ${text}`}>
          <line class={styles.axis} x1={x(value)} x2={x(value)} y1={bottom} y2={bottom + 0.25 * box.rem} />
          <text class={styles.tickX} data-part="tick-x" x={place} y={bottom + 1.125 * box.rem}>
            {text}
          </text>
        </g>
      ))}
    </g>
  );
}

/** Keeps lines inside the plot, whatever they do. */
export function PlotClip({ id, plot }: { id: string; plot: ReadonlySignal<Plot> }) {
  const { left, right, top, bottom } = plot.value;
  return (
    <clipPath id={id}>
      <rect x={left} y={top - 2} width={right - left} height={bottom - top + 4} />
    </clipPath>
  );
}
