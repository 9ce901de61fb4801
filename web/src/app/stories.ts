import type { Configuration } from '../worker/configuration';

const fromContext =
  'There is nothing to memorise. To predict the next point, the model has to work out the rule from the points it has seen so far, its context.';

const taskStories: Readonly<Record<string, string>> = {
  linear: `Every sequence follows a rule of its own: each point is the one before it, turned by a rotation or reflection drawn at random for this sequence alone, plus a little noise. ${fromContext}`,
  partially_observed: `Every sequence follows a rule of its own: a hidden state is turned by a rotation or reflection drawn at random for this sequence alone, and each point shows a few random mixtures of it. One point says too little about the hidden state, so the model has to put several together. ${fromContext}`,
  nonlinear:
    'Every sequence follows a rule of its own: each point is the one before it, bent by a fixed function and then turned by a rotation or reflection drawn at random for this sequence alone. The function is the same for all sequences and can be memorised. The turn cannot: to predict the next point, the model has to work it out from the points it has seen so far, its context.',
  contracting: `Every sequence follows a rule of its own: each point is the one before it times a matrix drawn at random for this sequence alone, under which all points shrink. ${fromContext}`,
  fixed_teacher:
    'All sequences follow one rule: each point is the one before it, turned by the same rotation or reflection, plus a little noise. This is the control experiment. The rule can be memorised, and nothing needs to be worked out from the points seen so far, the context.',
  regression:
    'Every sequence is a list of questions and answers: an input, then its image under a rotation or reflection drawn at random for this sequence alone, then the next input. Only the answers can be predicted, from the pairs seen so far, the context.',
};

/** What the sequences are, and what that asks of a model. */
export function taskStory(configuration: Configuration | undefined): string {
  return taskStories[String(configuration?.task ?? 'linear')] ?? fromContext;
}

/** What training makes of the model. What holds for some models only is said for them only. */
export function modelStory(configuration: Configuration | undefined): string {
  const { task = 'linear', attention = 'linear', layers = 1 } = configuration ?? {};
  if (task === 'fixed_teacher') {
    return 'Then it learns the rule itself, in its weights, and falls below what a single step of gradient descent on the context can do.';
  }
  if (layers === 1 && attention === 'linear') {
    return 'Then its error comes down onto that of a textbook algorithm: a single step of gradient descent on the least-squares problem which the context poses. Nobody programmed this step; the weights below show the model building it.';
  }
  if (String(attention).includes('mesa')) {
    return 'Then it starts to learn from its context. A mesa layer can solve the least-squares problem which the context poses in one go; training has to find out what to put into it.';
  }
  return 'Then it starts to learn from its context. One layer can carry out one step of gradient descent on the least-squares problem which the context poses; with more layers it can go further, towards the least-squares solution itself.';
}
