/** What each kind of analysis returns. The README says what the fields mean. */

import { list, matrix, number, numbers, optional, record, type Shaped } from './shape';

const product = record({
  entries: matrix,
  share_above_1_percent: number,
  share_above_10_percent: number,
  block_diagonal_means: optional(matrix),
});

const shapes = {
  weights: record({
    heads: list(record({ layer: number, head: number, query_key: product, value_output: product })),
  }),
  compress: record({
    numbers: record({ trained: number, compressed: number }),
    share_of_trained: numbers,
    loss: numbers,
    standard_error: numbers,
  }),
};

export type AnalysisKind = keyof typeof shapes;

export type AnalysisResult<Kind extends AnalysisKind> = Shaped<(typeof shapes)[Kind]>;

export function checkResult<Kind extends AnalysisKind>(kind: Kind, result: unknown): AnalysisResult<Kind> {
  return shapes[kind](result, kind) as AnalysisResult<Kind>;
}
