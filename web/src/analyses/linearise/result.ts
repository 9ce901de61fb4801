import { list, number, record, type Shaped } from '../shape';

export const lineariseResult = record({
  updates: number,
  loss: number,
  standard_error: number,
  layers: list(
    record({
      layer: number,
      loss: number,
      ratio: number,
      ratio_standard_error: number,
      ratio_without: number,
      start_error: number,
      error: number,
    }),
  ),
});

export type LineariseResult = Shaped<typeof lineariseResult>;
