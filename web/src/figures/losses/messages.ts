import { createMessages } from '../../i18n/messages';

export const say = createMessages({
  en: {
    'line.model': 'Transformer',
    'line.gradient_descent': 'one gradient step',
    'line.least_squares': 'least squares',
    'line.zero': 'predicting zero',
    'line.least_squares_window': 'least squares, several points',
    'line.least_squares_feature': 'least squares, true feature',
    'line.least_squares_true_pairs': 'least squares, true pairs',
    'line.rolled_back': 'given up',

    'position.title': 'Learning in context',
    'position.x': 'position t in the sequence',
    'position.y': 'squared error / 2',
    'position.place': 'at t = {t}',

    'step.title': 'Learning to learn in context',
    'step.x': 'training step',
    'step.y': 'squared error / 2, mean over positions',
    'step.place': 'at step {step}',

    'references.missing':
      'The lines to compare with could not be measured: what measures them did not arrive. Training goes on without it.',
    'references.failed': 'The lines to compare with could not be measured. Training goes on without them.',
    'references.retry': 'Measure them again',
  },
});
