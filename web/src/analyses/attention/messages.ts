import { createMessages } from '../../i18n/messages';

export const say = createMessages({
  en: {
    introduction:
      'Where does each head look? The maps show how strongly position t (rows) attends to each position up to its own (columns), averaged over sequences; where scores can be negative, their size. If a head works on the current point, the diagonal of its map stands out; if it fetches the previous one, the line beside it.',
    heading: 'Attention',
    subject: 'attention by position',
    text: 'From position 8 on, {current} of this layer’s attention falls on the current position and {previous} on the previous one. If all positions were looked at alike, it would be {uniform} each.',
    current: 'current',
    previous: 'previous',
    reading: 'Head {head} at position {row} looks at position {column}: {entry}',
    'sensitivity.heading': 'Sensitivity',
    'sensitivity.subject': 'how much its output depends on each position',
    'sensitivity.map': 'First layer',
    'sensitivity.text':
      'How much the first layer’s output at a position (rows) moves when the point at another (columns) does: the size of its derivative, a root mean square over {sequences} sequences.',
    'sensitivity.reading': 'The output at position {row} depends on position {column}: {entry}',
    band: 'from {first}',
  },
});
