import { number, numbers, record, type Shaped } from '../shape';

export const compressResult = record({
  numbers: record({ trained: number, compressed: number }),
  share_of_trained: numbers,
  loss: numbers,
  standard_error: numbers,
});

export type CompressResult = Shaped<typeof compressResult>;
