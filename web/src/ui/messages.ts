import { createMessages } from '../i18n/messages';

export const say = createMessages({
  en: {
    layer: 'Layer',
    notForThisModel: '(not for this model)',
    closeNotice: 'Close this note',
  },
});
