import { computed, type ReadonlySignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { classNames } from '../styles/class-names';
import { paint } from './color-scale';
import { cellAt, type Cell, type Grid } from './grid';
import { GridWalk } from './grid-walk';
import styles from './heat-map.module.css';
import { usePainting } from './use-painting';

export type { Cell, Grid };

/** A run of `size` neighbouring rows or columns with a name. */
export interface Band {
  readonly name: string;
  readonly symbol: ComponentChildren;
  readonly size: number;
  /** The name is that of its first row or column. */
  readonly namesStart?: boolean;
  /** Beside a small map there is no room for its name, and no need. */
  readonly optional?: boolean;
}

/** What rows and columns stand for, in order; empty where nothing is known. */
export interface Bands {
  readonly rows: readonly Band[];
  readonly columns: readonly Band[];
}

interface HeatMapProps {
  readonly label: string;
  readonly grid: ReadonlySignal<Grid>;
  /** The value at the ends of the colour scale. */
  readonly limit: ReadonlySignal<number>;
  readonly bands: Bands;
  /** The band of rows and the band of columns whose crossing to outline. */
  readonly outlined?: Cell | undefined;
  /** Width to height; that of square cells unless given. */
  readonly aspect?: number | undefined;
  /** The cell being looked at, if it is one of this map's. */
  readonly cell: ReadonlySignal<Cell | undefined>;
  readonly onLook: (cell: Cell | undefined) => void;
  /** A cell's place and value in words. */
  readonly sayCell: (cell: Cell) => string;
}

/** A matrix in colour. */
export function HeatMap(props: HeatMapProps) {
  const { label, grid, limit, bands, outlined, aspect, cell, onLook, sayCell } = props;
  const canvas = usePainting(
    useMemo(
      () => computed(() => paint(grid.value.entries, limit.value, grid.value.columns, grid.value.rows)),
      [grid, limit],
    ),
  );
  const ratio = useMemo(() => computed(() => aspect ?? grid.value.columns / grid.value.rows), [aspect, grid]);
  const viewBox = useMemo(() => computed(() => `0 0 ${grid.value.columns} ${grid.value.rows}`), [grid]);

  const followPointer = (event: PointerEvent): void => {
    const box = canvas.current?.getBoundingClientRect();
    if (!box) return;
    const right = (event.clientX - box.left) / box.width;
    onLook(cellAt(grid.value, right, (event.clientY - box.top) / box.height));
  };
  // A finger that lifts has read nothing yet: its cell stays until the next tap.
  const followPointerAway = (event: PointerEvent): void => {
    if (event.pointerType !== 'touch') onLook(undefined);
  };

  return (
    <div class={styles.map} style={{ '--aspect': ratio.value }} data-part="heat-map">
      <BandNames bands={bands.columns} side="top" />
      <BandNames bands={bands.rows} side="left" />
      <div
        class={styles.frame}
        onPointerMove={followPointer}
        onPointerDown={followPointer}
        onPointerLeave={followPointerAway}
      >
        <canvas ref={canvas} aria-hidden="true" />
        <svg viewBox={viewBox} preserveAspectRatio="none" aria-hidden="true">
          <BandLines bands={bands} />
          {outlined && <Outline bands={bands} {...outlined} />}
          <CellFrame cell={cell} />
        </svg>
        <GridWalk label={label} grid={grid} cell={cell} onLook={onLook} sayCell={sayCell} />
      </div>
    </div>
  );
}

function BandNames({ bands, side }: { bands: readonly Band[]; side: 'top' | 'left' }) {
  return (
    <div class={classNames(styles.names, styles[side])} aria-hidden="true">
      {bands.map(({ symbol, size, namesStart, optional }, index) => (
        <span
          key={index}
          class={classNames(namesStart && styles.start, optional && styles.optional)}
          style={{ flexGrow: size }}
        >
          {symbol}
        </span>
      ))}
    </div>
  );
}

/** Where band `index` begins. */
function bandStart(bands: readonly Band[], index: number): number {
  return bands.slice(0, index).reduce((sum, band) => sum + band.size, 0);
}

function BandLines({ bands: { rows, columns } }: { bands: Bands }) {
  const right = bandStart(columns, columns.length);
  const bottom = bandStart(rows, rows.length);
  const between = (bands: readonly Band[]): number[] =>
    bands.slice(1).map((_, index) => bandStart(bands, index + 1));
  const lines = [
    ...between(columns).map((start) => `M${start} 0V${bottom}`),
    ...between(rows).map((start) => `M0 ${start}H${right}`),
  ];
  return <path class={styles.lines} d={lines.join('')} />;
}

function Outline({ bands, row, column }: { bands: Bands } & Cell) {
  return (
    <rect
      class={styles.outline}
      data-part="outline"
      x={bandStart(bands.columns, column)}
      y={bandStart(bands.rows, row)}
      width={bands.columns[column]?.size}
      height={bands.rows[row]?.size}
    />
  );
}

function CellFrame({ cell }: { cell: ReadonlySignal<Cell | undefined> }) {
  if (!cell.value) return null;
  return <rect class={styles.cell} x={cell.value.column} y={cell.value.row} width="1" height="1" />;
}
