import { list, number, numbers, record, text, type Shaped } from '../shape';

const gradientStep = { eta: number, initial_weight: number };
const ratio = record({ value: number, standard_error: number });

/** The same for each algorithm that the model is compared with. */
function eachOf<Shape extends typeof number | typeof numbers | typeof ratio>(shape: Shape) {
  return {
    gradient_descent: shape,
    gradient_descent_clipped: shape,
    eight_features: shape,
    eight_features_clipped: shape,
    zero: shape,
  };
}

export const fitResult = record({
  gradient_descent: record(gradientStep),
  fitted_to_model: record({ ...gradientStep, unexplained: number }),
  features: list(record({ value: text, key: text, query: text, optimum: number, model: number })),
  loss: record({
    mean: record({ model: number, ...eachOf(number) }),
    standard_error: record({ model: number, ...eachOf(number) }),
    curves: record({ model: numbers, ...eachOf(numbers) }),
  }),
  model_to: record(eachOf(ratio)),
  likeness: record({
    mean_cosine: number,
    overall_cosine: number,
    mean_distance: number,
    mean_length: number,
  }),
});

export type FitResult = Shaped<typeof fitResult>;
