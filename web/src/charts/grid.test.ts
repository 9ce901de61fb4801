import { describe, expect, test } from 'vitest';
import { cellAfter, cellAt, cellWithin, sameCell } from './grid';

const shape = { rows: 40, columns: 3 };
const cell = (row: number, column: number) => ({ row, column });

describe('walking on a grid', () => {
  test.each([
    ['ArrowUp', false, cell(5, 1), cell(4, 1)],
    ['ArrowUp', false, cell(0, 1), cell(0, 1)],
    ['ArrowDown', false, cell(39, 1), cell(39, 1)],
    ['ArrowLeft', false, cell(5, 0), cell(5, 0)],
    ['ArrowRight', false, cell(5, 1), cell(5, 2)],
    ['ArrowRight', false, cell(5, 2), cell(5, 2)],
    ['PageDown', false, cell(5, 1), cell(9, 1)],
    ['PageUp', false, cell(2, 1), cell(0, 1)],
    ['Home', false, cell(5, 2), cell(5, 0)],
    ['End', false, cell(5, 0), cell(5, 2)],
    ['Home', true, cell(5, 2), cell(0, 0)],
    ['End', true, cell(5, 0), cell(39, 2)],
    ['Escape', false, cell(5, 0), undefined],
    ['a', true, cell(5, 0), undefined],
  ])('%s (Control: %s)', (key, control, from, to) => {
    expect(cellAfter(key, control, shape, from)).toEqual(to);
  });
});

test('a cell of a larger grid is brought into a smaller one', () => {
  expect(cellWithin(shape, cell(99, 99))).toEqual(cell(39, 2));
  expect(cellWithin({ rows: 1, columns: 1 }, cell(7, 0))).toEqual(cell(0, 0));
});

test.each([
  [0, 0, cell(0, 0)],
  [0.999, 0.999, cell(39, 2)],
  [1, 1, cell(39, 2)],
  [-0.1, 0.5, cell(20, 0)],
])('the pointer at %f, %f is on a cell', (right, down, expected) => {
  expect(cellAt(shape, right, down)).toEqual(expected);
});

test('cells are the same where row and column are', () => {
  expect(sameCell(cell(1, 2), cell(1, 2))).toBe(true);
  expect(sameCell(cell(1, 2), cell(2, 1))).toBe(false);
  expect(sameCell(undefined, cell(0, 0))).toBe(false);
  expect(sameCell(undefined, undefined)).toBe(true);
});
