import { createMessages } from '../../i18n/messages';

export const say = createMessages({
  en: {
    introduction:
      'Is this layer one step of gradient descent? On one set of sequences the step’s learning rate <v>η</v> and its starting point <v>w₀</v> (it starts from <v>w₀</v> times the identity) are tuned twice: to predict the next point, and to imitate the model. On another set they are compared. From these tokens a linear layer can compute eight products of current and previous points, of which a gradient step uses two at most: the best combination of all eight shows how much more there is to gain.',
    'step.heading': 'Beside one gradient step',
    'loss.model': 'Loss: Transformer',
    'loss.step': 'one gradient step',
    'loss.products': 'best of eight products',
    'ratio.step': 'Loss ratio: to the gradient step',
    'ratio.products': 'to the eight products',
    cosine: 'Cosine of the predictions',
    'rate.predicts': 'η that predicts best',
    'rate.imitates': 'η that imitates the model',
    'start.predicts': 'w₀ that predicts best',
    'start.imitates': 'w₀ that imitates the model',
    title: 'Loss in context',
    'products.heading': 'The eight products',
    'products.text':
      'Each is a sum over the context of a value times the match of a key with a query, and each of the three is a current point or the one before it. The step of gradient descent is current value, previous key, current query.',
    'products.value': 'value',
    'products.key': 'key',
    'products.query': 'query',
    'products.model': 'in the model',
    'products.optimum': 'at best',
    'products.point': '{point, select, current {current} previous {previous} other {{point}}}',
  },
});
