import { list, matrix, numbers, optional, record, text, type Shaped } from '../shape';

export const probeResult = record({
  targets: list(record({ name: text, error: matrix, relative_error: matrix, kept: optional(numbers) })),
});

export type ProbeResult = Shaped<typeof probeResult>;
