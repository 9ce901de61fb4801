import { createMessages } from '../../i18n/messages';

export const say = createMessages({
  en: {
    introduction:
      'To learn that one point leads to the next, a model has to bring the two together in one place. Which points of the past can be read off where the current one stands? Linear probes look for each of the last eight, before the first layer and behind every one, and are measured on sequences that they were not fitted on. In a model that sees only the current point, binding the previous one to it is the work of the first layer.',
    map: 'Share of the variance that is read out',
    heading: 'Points that can be read',
    subject: 'by layer and by how far back the point lies',
    text: 'From 0, where a probe can do no better than to guess the mean, to 1, where it reads the point exactly.',
    point: '{lag, plural, =0 {s_t} other {s_t−#}}',
    reading: '{depth}, {point}: {share} read out, error / variance {error}',
  },
});
