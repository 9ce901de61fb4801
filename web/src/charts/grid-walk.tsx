import { computed, useSignal, useSignalEffect, untracked, type ReadonlySignal } from '@preact/signals';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { cellAfter, cellWithin, sameCell, type Cell, type Grid } from './grid';
import styles from './heat-map.module.css';

interface GridWalkProps {
  readonly label: string;
  readonly grid: ReadonlySignal<Grid>;
  readonly cell: ReadonlySignal<Cell | undefined>;
  readonly onLook: (cell: Cell | undefined) => void;
  readonly sayCell: (cell: Cell) => string;
}

/**
 * What the keyboard and screen readers find on a picture of thousands of cells: a grid that has but the cell they are at,
 * and the one they come from, so that the focus goes from one element to another and is followed.
 */
export function GridWalk({ label, grid, cell, onLook, sayCell }: GridWalkProps) {
  const rows = useMemo(() => computed(() => grid.value.rows), [grid]);
  const columns = useMemo(() => computed(() => grid.value.columns), [grid]);
  const shape = { rows: rows.value, columns: columns.value };
  const path = useSignal<readonly Cell[]>([{ row: 0, column: 0 }]);
  const cells = cellsWithin(shape, path.value);
  const here = cells.at(-1) ?? { row: 0, column: 0 };

  const walker = useRef<HTMLDivElement>(null);
  const walking = useRef(false);
  const hasFocus = (): boolean => walker.current?.contains(document.activeElement) ?? false;
  const hadFocus = hasFocus();
  useLayoutEffect(() => {
    // Another grid may have taken away the cell that had the focus.
    if (!walking.current && (!hadFocus || hasFocus())) return;
    walking.current = false;
    walker.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll: true });
  });
  const walkTo = (next: Cell): void => {
    walking.current = true;
    // A new path even to where it ends: a click has taken the focus away.
    path.value = sameCell(here, next) ? [here] : [here, next];
  };

  const followKey = (event: KeyboardEvent): void => {
    if (event.altKey) return;
    const next = cellAfter(event.key, event.ctrlKey || event.metaKey, shape, here);
    if (event.key === 'Escape') onLook(undefined);
    else if (!next) return;
    else {
      onLook(next);
      walkTo(next);
    }
    event.preventDefault();
  };
  // The pointer has been followed to a cell: keys go on from there.
  const followClick = (): void => {
    if (cell.peek()) walkTo(cellWithin(shape, cell.peek() ?? here));
  };

  return (
    <div
      ref={walker}
      class={styles.walker}
      role="grid"
      aria-label={label}
      aria-readonly="true"
      aria-rowcount={shape.rows}
      aria-colcount={shape.columns}
      onKeyDown={followKey}
      onClick={followClick}
      onFocusIn={() => {
        onLook(here);
      }}
    >
      {cells.map((one) => (
        <div key={`${one.row} ${one.column}`} role="row" aria-rowindex={one.row + 1}>
          <GridCell cell={one} shape={shape} current={sameCell(one, here)} sayCell={sayCell} />
        </div>
      ))}
    </div>
  );
}

/** The cells of a path, each once, after another grid may have taken the place of the one they were walked on. */
function cellsWithin(shape: Pick<Grid, 'rows' | 'columns'>, path: readonly Cell[]): readonly Cell[] {
  const cells = path.map((cell) => cellWithin(shape, cell));
  return cells.filter((cell, index) => !cells.slice(index + 1).some((later) => sameCell(cell, later)));
}

interface GridCellProps {
  readonly cell: Cell;
  readonly shape: Pick<Grid, 'rows' | 'columns'>;
  readonly current: boolean;
  readonly sayCell: (cell: Cell) => string;
}

function GridCell({ cell, shape, current, sayCell }: GridCellProps) {
  const element = useRef<HTMLDivElement>(null);
  const name = useSignal(untracked(() => sayCell(cell)));
  useSignalEffect(() => {
    const text = sayCell(cell);
    // While it is read, it stays: a screen reader would never fall silent.
    if (document.activeElement !== element.current) name.value = text;
  });
  return (
    <div
      ref={element}
      class={styles.step}
      style={{
        left: `${(100 * cell.column) / shape.columns}%`,
        top: `${(100 * cell.row) / shape.rows}%`,
        width: `${100 / shape.columns}%`,
        height: `${100 / shape.rows}%`,
      }}
      role="gridcell"
      aria-colindex={cell.column + 1}
      aria-label={name}
      tabIndex={current ? 0 : -1}
    />
  );
}
