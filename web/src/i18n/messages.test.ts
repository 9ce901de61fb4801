import { createElement } from 'preact';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { createMessages } from './messages';
import type { ParametersOf, TagsOf } from './parameters';

const say = createMessages({
  en: {
    plain: 'As it is.',
    steps: '{count, plural, one {One step of {run}} other {# steps of {run}}} in {time}.',
    words: 'See <link>the <em>paper</em></link>, {by}.',
  },
});

describe('messages', () => {
  test('are said with their parameters', () => {
    expect(say('plain')).toBe('As it is.');
    expect(say('steps', { count: 1, run: 'linear-1', time: '2 s' })).toBe('One step of linear-1 in 2 s.');
    expect(say('steps', { count: 1200, run: 'linear-1', time: '2 s' })).toBe(
      '1,200 steps of linear-1 in 2 s.',
    );
    expect(say.has('plain')).toBe(true);
    expect(say.has('toString')).toBe(false);
  });

  test('have elements in them', () => {
    const said = say.rich('words', {
      by: 'today',
      link: (words) => createElement('a', null, words),
      em: (words) => createElement('em', null, words),
    });
    expect(said.props.children).toMatchObject([
      'See ',
      { type: 'a', props: { children: ['the ', { type: 'em', props: { children: ['paper'] } }] } },
      ', today.',
    ]);
  });

  test('tell the compiler what they need', () => {
    expectTypeOf<ParametersOf<'As it is.'>>().toEqualTypeOf<never>();
    expectTypeOf<
      ParametersOf<'{a} and {b, number}, {c, plural, one {one {d}} other {{e, select, x {no {f}} other {it}}}} of {g}'>
    >().toEqualTypeOf<'a' | 'b' | 'c' | 'd' | 'e' | 'f' | 'g'>();
    expectTypeOf<TagsOf<'<a>x <b>y</b></a> of <c>z</c>'>>().toEqualTypeOf<'a' | 'b' | 'c'>();
    // @ts-expect-error The parameters are missing.
    const missing = () => say('steps');
    // @ts-expect-error One parameter is missing.
    const incomplete = () => say('steps', { count: 1, run: 'x' });
    expect([missing, incomplete]).toHaveLength(2);
  });
});
