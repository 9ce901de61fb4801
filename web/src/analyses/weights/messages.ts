import { createMessages } from '../../i18n/messages';

export const say = createMessages({
  en: {
    introduction:
      'An attention head acts through two products of its weight matrices. {proposition, select, yes {Proposition 1 of the paper builds a gradient step by hand: it fills the <outlined>outlined</outlined> blocks with a multiple of the identity matrix, which shows as a diagonal, and leaves all else at zero. Training starts from noise; the percentages say how much of each product, by its sum of squares, lies on that diagonal now. } other {}}{blocks, select, yes {Below each map are the means of its blocks’ diagonals: if all else is noise, these {means} numbers are what the head has learned. } other {}}The last two lines count the entries that are larger than {large} and {small} of the largest one.',

    'queryKey.name': 'query–key product',
    'queryKey.meaning':
      'What attention compares: the channels its query reads (rows) with those its key reads (columns).',
    'queryKey.shown': 'Head {head}: query {row}, key {column}: {entry}',
    'queryKey.spoken': 'head {head}, query {row}, key {column}: {entry}',

    'valueOutput.name': 'value–output product',
    'valueOutput.meaning':
      'What attention passes on: from the channels its value reads (rows) to those its output writes (columns).',
    'valueOutput.shown': 'Head {head}: value {row}, output {column}: {entry}',
    'valueOutput.spoken': 'head {head}, value {row}, output {column}: {entry}',

    'map.means': 'Head {head}, {product}: means of the blocks’ diagonals',
    means: 'means of the blocks’ diagonals',
    'entries-above': 'entries above {share}',

    'channel.shown': '{band} [{place}]',
    'channel.spoken': '{band} {place}',
    'band.current': 's_t',
    'band.previous': 's_t−1',
    'band.prediction': 'prediction',
    'band.prediction.short': 'pred.',
    'band.unused': 'unused',
    'band.channel': 'channel',
  },
});
