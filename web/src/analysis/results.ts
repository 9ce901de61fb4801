/** What each kind of analysis returns. The README says what the fields mean. */

import { list, matrix, number, numbers, optional, record, text, type Shaped } from './shape';

const product = record({
  entries: matrix,
  share_above_1_percent: number,
  share_above_10_percent: number,
  block_diagonal_means: optional(matrix),
});

const gradientStep = { eta: number, initial_weight: number };
const ratio = record({ value: number, standard_error: number });

/** The same for the model and for each algorithm that it is compared with in the one-layer fit. */
function eachOfFit<Shape extends typeof number | typeof numbers | typeof ratio>(shape: Shape) {
  return {
    gradient_descent: shape,
    gradient_descent_clipped: shape,
    eight_features: shape,
    eight_features_clipped: shape,
    zero: shape,
  };
}

const fewShot = record({
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

const tunedPrompt = record({
  learning_rate: number,
  token: matrix,
  prefix: optional(matrix),
  training_loss: numbers,
  before: numbers,
  after: numbers,
});

const scaledLoss = record({ parameter: numbers, relative: numbers, relative_late: numbers });

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
  fit: record({
    gradient_descent: record(gradientStep),
    fitted_to_model: record({ ...gradientStep, unexplained: number }),
    features: list(record({ value: text, key: text, query: text, optimum: number, model: number })),
    loss: record({
      mean: record({ model: number, ...eachOfFit(number) }),
      standard_error: record({ model: number, ...eachOfFit(number) }),
      curves: record({ model: numbers, ...eachOfFit(numbers) }),
    }),
    model_to: record(eachOfFit(ratio)),
    likeness: record({
      mean_cosine: number,
      overall_cosine: number,
      mean_distance: number,
      mean_length: number,
    }),
  }),
  probe: record({
    targets: list(record({ name: text, error: matrix, relative_error: matrix, kept: optional(numbers) })),
  }),
  binding: record({ lags: numbers, relative_error: matrix }),
  attention: record({
    heads: list(record({ layer: number, head: number, current: number, previous: number, scores: matrix })),
    layers: list(record({ current: number, previous: number })),
    uniform: number,
    sensitivity: record({ sequences: number, map: matrix }),
  }),
  kernel: record({
    dimension: numbers,
    positions: numbers,
    sequences: numbers,
    kernel_regression: scaledLoss,
    least_squares: scaledLoss,
  }),
  'few-shot': record({
    sequences: number,
    ridge: record({ least_squares: number, least_squares_trained_ridge: number }),
    one_task: fewShot,
    two_tasks: fewShot,
  }),
  prompt: record({
    sequences: number,
    updates: number,
    no_eos: numbers,
    eos: tunedPrompt,
    eos_and_prefix: tunedPrompt,
  }),
  linearise: record({
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
  }),
};

export type AnalysisKind = keyof typeof shapes;

export type AnalysisResult<Kind extends AnalysisKind> = Shaped<(typeof shapes)[Kind]>;

export function checkResult<Kind extends AnalysisKind>(kind: Kind, result: unknown): AnalysisResult<Kind> {
  return shapes[kind](result, kind) as AnalysisResult<Kind>;
}
