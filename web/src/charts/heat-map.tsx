import { useComputed, type ReadonlySignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { paint } from './color-scale';
import { usePainting } from './use-painting';

/** A matrix to look at, rows first. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  readonly entries: ArrayLike<number>;
}

/** A run of `size` neighbouring rows or columns with a name. */
export interface Band {
  readonly name: string;
  readonly symbol: ComponentChildren;
  readonly size: number;
  /** The name is that of its first row or column. */
  readonly namesStart?: boolean;
}

/** What rows and columns stand for, in order; empty where nothing is known. */
export interface Bands {
  readonly rows: readonly Band[];
  readonly columns: readonly Band[];
}

export interface Cell {
  readonly row: number;
  readonly column: number;
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
  readonly onLook: (cell: Cell | undefined, how: 'pointer' | 'key') => void;
}

/** A matrix in colour. */
export function HeatMap({ label, grid, limit, bands, outlined, aspect, cell, onLook }: HeatMapProps) {
  const canvas = usePainting(
    useComputed(() => paint(grid.value.entries, limit.value, grid.value.columns, grid.value.rows)),
  );
  const look = (row: number, column: number, how: 'pointer' | 'key'): void => {
    const { rows, columns } = grid.value;
    const within = (place: number, count: number): number => Math.max(0, Math.min(count - 1, place));
    onLook({ row: within(row, rows), column: within(column, columns) }, how);
  };

  const followPointer = (event: PointerEvent): void => {
    const box = canvas.current?.getBoundingClientRect();
    if (!box) return;
    const { rows, columns } = grid.value;
    const row = Math.floor(((event.clientY - box.top) / box.height) * rows);
    look(row, Math.floor(((event.clientX - box.left) / box.width) * columns), 'pointer');
  };

  const followKey = (event: KeyboardEvent): void => {
    const moves: Record<string, Cell | undefined> = {
      ArrowUp: { row: -1, column: 0 },
      ArrowDown: { row: 1, column: 0 },
      ArrowLeft: { row: 0, column: -1 },
      ArrowRight: { row: 0, column: 1 },
    };
    const move = moves[event.key];
    if (event.key === 'Escape') {
      onLook(undefined, 'key');
    } else if (move) {
      const { row, column } = cell.value ?? { row: -move.row, column: -move.column };
      look(row + move.row, column + move.column, 'key');
      event.preventDefault();
    }
  };

  const ratio = useComputed(() => aspect ?? grid.value.columns / grid.value.rows);
  return (
    <div class="heat-map" style={{ '--aspect': ratio.value }}>
      <BandNames bands={bands.columns} side="top" />
      <BandNames bands={bands.rows} side="left" />
      <div
        class="heat-map-frame"
        tabIndex={0}
        role="img"
        aria-label={label}
        onPointerMove={followPointer}
        onPointerDown={followPointer}
        onPointerLeave={() => {
          onLook(undefined, 'pointer');
        }}
        onKeyDown={followKey}
      >
        <canvas ref={canvas} />
        <svg
          viewBox={useComputed(() => `0 0 ${grid.value.columns} ${grid.value.rows}`)}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          <BandLines bands={bands} />
          {outlined && <Outline bands={bands} {...outlined} />}
          <CellFrame cell={cell} />
        </svg>
      </div>
    </div>
  );
}

function BandNames({ bands, side }: { bands: readonly Band[]; side: 'top' | 'left' }) {
  return (
    <div class={`band-names band-names-${side}`} aria-hidden="true">
      {bands.map((band, index) => (
        <span key={index} class={band.namesStart ? 'band-start' : ''} style={{ flexGrow: band.size }}>
          {band.symbol}
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
  return <path class="band-lines" d={lines.join('')} />;
}

function Outline({ bands, row, column }: { bands: Bands } & Cell) {
  return (
    <rect
      class="outline"
      x={bandStart(bands.columns, column)}
      y={bandStart(bands.rows, row)}
      width={bands.columns[column]?.size}
      height={bands.rows[row]?.size}
    />
  );
}

function CellFrame({ cell }: { cell: ReadonlySignal<Cell | undefined> }) {
  if (!cell.value) return null;
  return <rect class="cell" x={cell.value.column} y={cell.value.row} width="1" height="1" />;
}
