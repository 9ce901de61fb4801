import { createMessages } from '../../i18n/messages';

export const say = createMessages({
  en: {
    introduction:
      'How much of the weights does the model need? Here each block of the two products is replaced by the mean of its diagonal times the identity matrix: sixteen numbers are left of each product. The paper calls the result CompressedAlg. If it predicts as well as the trained model, the rest was noise. Between the two lie mixtures: a share <v>a</v> of the trained products, and 1 − <v>a</v> of the compressed ones.',
    share: 'share <v>a</v> of the trained products',
    compressed: 'compressed',
    mixed: 'at <v>a</v> = {share}',
    trained: 'trained',
    left: 'Of the {trained} numbers in the trained model, {compressed} are left: {ratio, number, ::percent @#}.',
    title: 'From compressed to trained',
    axis: 'share a of the trained products',
    mixture: 'mixture',
    chosen: 'chosen mixture',
    place: 'at a = {share}',
  },
});
