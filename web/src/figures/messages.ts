import { createMessages } from '../i18n/messages';

export const say = createMessages({
  en: {
    'figure.label': 'Run {preset}, {variant}',
    'apart.title': 'Take it apart',
    'apart.tabs': 'Ways to take the model apart',
  },
});
