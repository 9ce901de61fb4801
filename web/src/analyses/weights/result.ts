import { list, matrix, number, optional, record, type Shaped } from '../shape';

const product = record({
  entries: matrix,
  share_above_1_percent: number,
  share_above_10_percent: number,
  block_diagonal_means: optional(matrix),
});

export const weightsResult = record({
  heads: list(record({ layer: number, head: number, query_key: product, value_output: product })),
});

export type WeightsResult = Shaped<typeof weightsResult>;
