import { createMessages } from '../../i18n/messages';

export const say = createMessages({
  en: {
    introduction:
      'Could a simpler algorithm do? Induction heads, which softmax attention is known to form, look for points of the past that resemble the current one and predict what followed them: kernel regression. Here it is set beside least squares on the run’s task as points get more dimensions, with five points of context for each dimension, both tuned anew each time. The model has no part in this.',
    heading: 'As the dimension grows',
    text: 'The error late in the context, over the last fifth of the positions, as a share of what predicting zero costs there. From <v>d</v> = {firstDimension} with {firstPositions} positions to <v>d</v> = {lastDimension} with {lastPositions}; on {mostSequences} sequences down to {fewestSequences}.',
    title: 'Kernel regression and least squares',
    'x-axis': 'dimension d of a point',
    'y-axis': 'squared error, predicting zero = 1',
    'line.kernel': 'kernel regression',
    place: 'at d = {dimension}',
  },
});
