import { list, matrix, number, record, type Shaped } from '../shape';

export const attentionResult = record({
  heads: list(record({ layer: number, head: number, current: number, previous: number, scores: matrix })),
  layers: list(record({ current: number, previous: number })),
  uniform: number,
  sensitivity: record({ sequences: number, map: matrix }),
});

export type AttentionResult = Shaped<typeof attentionResult>;
