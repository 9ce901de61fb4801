import { number, numbers, record, type Shaped } from '../shape';

const task = record({
  task: numbers,
  pair: numbers,
  curves: record({
    model: numbers,
    least_squares: numbers,
    least_squares_trained_ridge: numbers,
    least_squares_true_pairs: numbers,
    exact_true_pairs: numbers,
  }),
});

export const fewShotResult = record({
  sequences: number,
  ridge: record({ least_squares: number, least_squares_trained_ridge: number }),
  one_task: task,
  two_tasks: task,
});

export type FewShotResult = Shaped<typeof fewShotResult>;
