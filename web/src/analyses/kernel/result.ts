import { numbers, record, type Shaped } from '../shape';

const scaledLoss = record({ parameter: numbers, relative: numbers, relative_late: numbers });

export const kernelResult = record({
  dimension: numbers,
  positions: numbers,
  sequences: numbers,
  kernel_regression: scaledLoss,
  least_squares: scaledLoss,
});

export type KernelResult = Shaped<typeof kernelResult>;
