import { createMessages } from '../../i18n/messages';

/** What charts and tables of several kinds say. */
export const say = createMessages({
  en: {
    model: 'Transformer',
    'gradient-step': 'one gradient step',
    'least-squares': 'least squares',
    zero: 'predicting zero',

    'axis.position': 'position t in the sequence',
    'axis.loss': 'squared error / 2',
    'axis.mean-loss': 'squared error / 2, mean over positions',
    'at.position': 'at t = {position}',

    head: 'Head {head}',
    input: 'input',
    'after-layer': 'after layer {layer}',
    layer: 'layer {layer}',
    'plus-minus': '{value} ± {error}',
  },
});
