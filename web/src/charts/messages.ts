import { createMessages } from '../i18n/messages';

export const say = createMessages({
  en: {
    chart: '{title}: values by {x}',
    reading: '{place}: {values}',
    value: '{line} {value}',
    map: '{name}, {subject}: arrow keys read its entries',
    pointAtEntry: 'Point at an entry to read it.',
  },
});
