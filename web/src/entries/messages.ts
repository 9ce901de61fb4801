import { createMessages } from '../i18n/messages';

export const say = createMessages({
  en: {
    'address.title': 'Not everything in the address could be used',
    'address.unknown-key': '{key} is no setting.',
    'address.unknown-name': '{key} can be {names}, and not {value}.',
    'address.not-a-number': '{key} has to be a number, and {value} is none.',
    'address.not-whole': '{key} has to be a whole number, and {value} is none.',
    'address.out-of-range': '{key} has to be from {minimum} to {maximum}, and {value} is not.',
    'address.not-an-id': '{key} can be made of letters, digits, hyphens and underscores, and {value} is not.',
    'address.unknown-version':
      'The address was written by a later version of this page ({key} is {value}) and may mean something else by it.',
    'address.rest': 'The rest holds.',
  },
});
