import { createMessages } from '../../i18n/messages';

export const say = createMessages({
  en: {
    introduction:
      'The model was trained to continue sequences, and nothing else. Now it is shown a list of questions and answers: an input <v>x</v>, then <v>y</v>, its image under a rotation or reflection that is new in every list, then the next <v>x</v>. No weight changes, and nobody tells the model where a pair begins. Every other step, from an answer to the next question, means nothing. Once the model has been trained for a while, its error falls with the pairs it has seen all the same, often after a rise over the first few.',
    'one.title': 'One task',
    'one.axis': 'pairs seen before',
    'one.note':
      'Each loss is that of a prediction of <v>y</v> from its <v>x</v>, averaged over {sequences} lists.',
    'two.title': 'Two tasks in a row',
    'two.axis': 'pairs seen before, of both tasks',
    'two.note':
      'Half-way another rotation takes over: the error jumps, and the new one is learned in its turn.',
    'line.all-steps': 'least squares, all steps',
    'line.true-pairs': 'least squares, true pairs',
    'place.pairs': '{pairs, plural, one {# pair seen} other {# pairs seen}}',
    'place.task': 'task {task}, {pairs, plural, one {# pair seen} other {# pairs seen}}',
  },
});
