/** A matrix to look at, rows first. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  readonly entries: ArrayLike<number>;
}

export interface Cell {
  readonly row: number;
  readonly column: number;
}

type Shape = Pick<Grid, 'rows' | 'columns'>;

/** The cell itself, or the one nearest to it that the grid has. */
export function cellWithin({ rows, columns }: Shape, { row, column }: Cell): Cell {
  const within = (place: number, count: number): number => Math.max(0, Math.min(count - 1, place));
  return { row: within(row, rows), column: within(column, columns) };
}

export const sameCell = (one: Cell | undefined, other: Cell | undefined): boolean =>
  one?.row === other?.row && one?.column === other?.column;

/** The cell at so many of the grid's widths and heights from its corner. */
export const cellAt = (shape: Shape, right: number, down: number): Cell =>
  cellWithin(shape, { row: Math.floor(down * shape.rows), column: Math.floor(right * shape.columns) });

/** Where a key, with or without Control, leads from a cell; undefined for other keys. */
export function cellAfter(
  key: string,
  control: boolean,
  shape: Shape,
  { row, column }: Cell,
): Cell | undefined {
  const leap = Math.max(2, Math.round(shape.rows / 10));
  const to = (target: Cell): Cell => cellWithin(shape, target);
  switch (key) {
    case 'ArrowUp':
      return to({ row: row - 1, column });
    case 'ArrowDown':
      return to({ row: row + 1, column });
    case 'ArrowLeft':
      return to({ row, column: column - 1 });
    case 'ArrowRight':
      return to({ row, column: column + 1 });
    case 'PageUp':
      return to({ row: row - leap, column });
    case 'PageDown':
      return to({ row: row + leap, column });
    case 'Home':
      return { row: control ? 0 : row, column: 0 };
    case 'End':
      return to({ row: control ? Infinity : row, column: Infinity });
    default:
      return undefined;
  }
}
