import { createMessages } from '../../i18n/messages';

export const say = createMessages({
  en: {
    order: 'Tune a prompt',
    introduction:
      'Can a prompt make the model a better few-shot learner? The weights stay as they are. Tuned, by gradient descent, is what the model reads besides the pairs: first a token that follows each pair and so says where it ends, EOS, then a prefix of twenty tokens before the first pair. It takes seconds to minutes, depending on the model; training goes on beside it.',
    'error.title': 'Few-shot error',
    'error.axis': 'pairs seen before',
    'error.place': '{pairs, plural, one {# pair seen} other {# pairs seen}}',
    'line.both-tuned': 'tuned EOS and prefix',
    'line.eos-tuned': 'tuned EOS',
    'line.eos-untuned': 'EOS before tuning',
    'line.no-eos': 'no EOS',
    'tuning.title': 'While it is tuned',
    'tuning.x-axis': 'update of the prompt',
    'tuning.y-axis': 'squared error / 2, mean over pairs',
    'tuning.place': 'update {update}',
    'tuning.both': 'EOS and prefix',
    'tuning.eos': 'EOS',
  },
});
