import { createMessages } from '../../i18n/messages';

export const say = createMessages({
  en: {
    title: 'What you see',
    story:
      '{task} The first chart shows how wrong it still is after t points, on sequences kept aside for the test. At first it does no better than predicting zero. {model} Von Oswald and colleagues call this <em>mesa-optimization</em>: trained only to predict, a model comes to contain an optimiser of its own (<paper>Uncovering mesa-optimization algorithms in Transformers</paper>).',

    'task.linear':
      'Every sequence follows a rule of its own: each point is the one before it, turned by a rotation or reflection drawn at random for this sequence alone, plus a little noise. There is nothing to memorise. To predict the next point, the model has to work out the rule from the points it has seen so far, its context.',
    'task.partially_observed':
      'Every sequence follows a rule of its own: a hidden state is turned by a rotation or reflection drawn at random for this sequence alone, and each point shows a few random mixtures of it. One point says too little about the hidden state, so the model has to put several together. There is nothing to memorise. To predict the next point, the model has to work out the rule from the points it has seen so far, its context.',
    'task.nonlinear':
      'Every sequence follows a rule of its own: each point is the one before it, bent by a fixed function and then turned by a rotation or reflection drawn at random for this sequence alone. The function is the same for all sequences and can be memorised. The turn cannot: to predict the next point, the model has to work it out from the points it has seen so far, its context.',
    'task.contracting':
      'Every sequence follows a rule of its own: each point is the one before it times a matrix drawn at random for this sequence alone, under which all points shrink. There is nothing to memorise. To predict the next point, the model has to work out the rule from the points it has seen so far, its context.',
    'task.fixed_teacher':
      'All sequences follow one rule: each point is the one before it, turned by the same rotation or reflection, plus a little noise. This is the control experiment. The rule can be memorised, and nothing needs to be worked out from the points seen so far, the context.',
    'task.regression':
      'Every sequence is a list of questions and answers: an input, then its image under a rotation or reflection drawn at random for this sequence alone, then the next input. Only the answers can be predicted, from the pairs seen so far, the context.',
    'task.other':
      'There is nothing to memorise. To predict the next point, the model has to work out the rule from the points it has seen so far, its context.',

    'model.memory':
      'Then it learns the rule itself, in its weights, and falls below what a single step of gradient descent on the context can do.',
    'model.one-step':
      'Then its error comes down onto that of a textbook algorithm: a single step of gradient descent on the least-squares problem which the context poses. Nobody programmed this step; the weights below show the model building it.',
    'model.mesa':
      'Then it starts to learn from its context. A mesa layer can solve the least-squares problem which the context poses in one go; training has to find out what to put into it.',
    'model.deep':
      'Then it starts to learn from its context. One layer can carry out one step of gradient descent on the least-squares problem which the context poses; with more layers it can go further, towards the least-squares solution itself.',
  },
});
