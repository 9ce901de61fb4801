import { createMessages } from '../../i18n/messages';

export const say = createMessages({
  en: {
    introduction:
      'What does the model know, and where? For each layer and position a linear map of its own, a probe, is fitted from what stands there to what one looks for, and measured on other sequences. An error of 1 means that the probe does no better than guessing the mean, and 0 that it reads out all there is.',
    'target.next_state': 'the next point',
    'meaning.next_state':
      'If the model comes nearer to its prediction with every layer, so does a probe for the next point.',
    'target.preconditioned_input': 'the preconditioned input',
    'meaning.preconditioned_input':
      'The current point multiplied by the inverse of the matrix (<v>S</v> <v>S</v>ᵀ + 0.001 <v>I</v>), where the columns of <v>S</v> are the points before it: with it, one gradient step would land on the least-squares solution. A model that improves it layer by layer runs more than single gradient steps.',
    'target.feature': 'the hidden feature',
    'meaning.feature': 'The current point as the fixed function bends it, before it is turned.',
    'target.previous_feature': 'the previous hidden feature',
    'meaning.previous_feature': 'The previous point as the fixed function bends it, before it is turned.',
    'choice.target': 'Probe for',
    'choice.depth': 'Read from',
    'choice.all': 'all',
    title: 'Probing for {target}',
    'axis.error': 'squared error / variance',
  },
});
