import { createMessages } from '../../i18n/messages';

export const say = createMessages({
  en: {
    order: 'Make each layer linear',
    introduction:
      'How much of the softmax does a softmax layer need? Each of them is replaced, one at a time, by a layer of linear attention that is taught to give the same output. If the model predicts as well with it, that layer was working as a linear one, as a step of gradient descent does. The first layer of a model that has to bring points together first needs its softmax; later ones need it less. It takes seconds to minutes, depending on the model; training goes on beside it.',
    heading: 'One layer made linear',
    text: 'The trained model’s loss is {loss}. A ratio of 1 means that the model is as good with the linear layer in place of its own.',
    'column.layer': 'layer',
    'column.ratio': 'loss ratio',
    'column.without': 'without the layer',
    'column.missed': 'output not imitated',
  },
});
