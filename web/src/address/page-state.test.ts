import { describe, expect, test } from 'vitest';
import type { Facts } from './facts';
import { formatPageState } from './format';
import { controlNames, defaultRun } from './page-state';
import { pageKeys, parsePageState } from './parse';
import { splitQuery } from './query';

const number = (key: string, kind: 'integer' | 'real', minimum: number, maximum: number) => ({
  key,
  kind,
  minimum,
  maximum,
  choices: [],
});

const facts: Facts = {
  fields: [
    number('seed', 'integer', 0, Number.MAX_SAFE_INTEGER),
    number('steps', 'integer', 1, 1e7),
    number('learning_rate', 'real', 0, 100),
    number('gradient_limit', 'real', 1e-12, 1e12),
    { key: 'layer_norm', kind: 'flag', minimum: 0, maximum: 0, choices: ['off', 'on'] },
    { key: 'attention', kind: 'list', minimum: 0, maximum: 0, choices: ['linear', 'softmax', 'mesa'] },
  ],
  presets: [
    { name: 'linear-1', variants: [{ name: 'quick' }, { name: 'paper' }] },
    { name: 'notebook', variants: [{ name: 'paper' }] },
  ],
  views: ['weights', 'compress', 'probe'],
};

const parse = (query: string) => parsePageState(query, facts);
const runOf = (query: string) => parse(query).state.figure.run;
const rewritten = (query: string) => {
  const { state, foreign } = parse(query);
  return formatPageState(state, foreign);
};

describe('an address that says nothing', () => {
  test('is the default run in the first view, and stays as short', () => {
    const { state, notes } = parse('');
    expect(state).toEqual({
      version: 1,
      lang: 'auto',
      theme: 'auto',
      figure: {
        id: 'main',
        run: defaultRun,
        views: facts.views,
        view: 'weights',
        controls: controlNames,
        start: 'auto',
      },
    });
    expect(notes).toEqual([]);
    expect(formatPageState(state)).toBe('');
  });
});

describe('what is written is read back', () => {
  test.each([
    '?lang=en&theme=dark&figure=teacher-2&preset=notebook&engine=simd128&workers=3&view=probe&start=click&controls=play,run&seed=7',
    '?variant=paper&learning_rate=1e-4&attention=linear,mesa&layer_norm=on',
    '?controls=none',
    '?gradient_limit=1e%2B12',
  ])('%s', (query) => {
    expect(parse(query).notes).toEqual([]);
    expect(rewritten(query)).toBe(query);
  });

  test('what stands at its default is left out', () => {
    expect(rewritten('?v=1&preset=linear-1&variant=quick&engine=auto&workers=auto&view=weights')).toBe('');
  });
});

describe('links of version 1', () => {
  test.each([
    ['?preset=notebook', { preset: 'notebook' }],
    ['?preset=notebook&variant=paper', { preset: 'notebook' }],
    ['?variant=paper', { variant: 'paper' }],
    ['?seed=7', { settings: { seed: '7' } }],
    ['?engine=simd128&workers=1', { engine: 'simd128', workers: 1 }],
    ['?learning_rate=0.001', { settings: { learning_rate: '0.001' } }],
  ])('%s, with and without the version, is the run that it has always been', (query, differs) => {
    expect(runOf(query)).toEqual({ ...defaultRun, ...differs });
    expect(parse(`${query}&v=1`)).toEqual(parse(query));
    expect(parse(query).notes).toEqual([]);
  });

  test('the keys of the page are not given away', () => {
    expect(pageKeys).toEqual(
      expect.arrayContaining([
        'v',
        'lang',
        'theme',
        'view',
        'start',
        'preset',
        'variant',
        'engine',
        'workers',
      ]),
    );
  });

  test('a link of a later version is read as far as it goes', () => {
    const { state, notes } = parse('?v=9&seed=7');
    expect(state.figure.run.settings).toEqual({ seed: '7' });
    expect(notes).toEqual([{ type: 'unknown-version', key: 'v', value: '9' }]);
  });
});

describe('keys of others', () => {
  test('trackers are kept without a word', () => {
    const query = '?utm_source=n+m&seed=7&fbclid=x%20y&ref';
    expect(parse(query).notes).toEqual([]);
    expect(rewritten(query)).toBe('?seed=7&utm_source=n+m&fbclid=x%20y&ref');
  });

  test('what may be a mistyped setting is named, and the rest holds', () => {
    const { state, notes } = parse('?learning_rat=1&seed=7');
    expect(notes).toEqual([{ type: 'unknown-key', key: 'learning_rat' }]);
    expect(state.figure.run.settings).toEqual({ seed: '7' });
  });

  test.each(['__proto__', 'constructor', 'toString'])('%s is a key like others', (key) => {
    expect(parse(`?${key}=1`).notes).toEqual([{ type: 'unknown-key', key }]);
    expect(runOf(`?${key}=1`)).toEqual(defaultRun);
  });
});

describe('values', () => {
  test('a plus sign is a plus sign', () => {
    expect(runOf('?gradient_limit=1e+12').settings).toEqual({ gradient_limit: '1e+12' });
  });

  test('of a repeated key the last one counts', () => {
    expect(runOf('?seed=1&preset=notebook&seed=2&preset=linear-1')).toEqual({
      ...defaultRun,
      settings: { seed: '2' },
    });
  });

  test('codes that are none, empty pairs and equals signs do no harm', () => {
    expect(splitQuery('?&a=%zz&&b=c=d&e')).toEqual([
      { key: 'a', value: '%zz', raw: 'a=%zz' },
      { key: 'b', value: 'c=d', raw: 'b=c=d' },
      { key: 'e', value: '', raw: 'e' },
    ]);
  });

  test.each([
    ['?learning_rate=fast', { type: 'not-a-number', key: 'learning_rate', value: 'fast' }],
    ['?learning_rate=', { type: 'not-a-number', key: 'learning_rate', value: '' }],
    ['?learning_rate=0x10', { type: 'not-a-number', key: 'learning_rate', value: '0x10' }],
    [
      '?learning_rate=1e999',
      { type: 'out-of-range', key: 'learning_rate', value: '1e999', minimum: 0, maximum: 100 },
    ],
    ['?seed=1.5', { type: 'not-whole', key: 'seed', value: '1.5' }],
    ['?steps=0', { type: 'out-of-range', key: 'steps', value: '0', minimum: 1, maximum: 1e7 }],
    ['?layer_norm=yes', { type: 'unknown-name', key: 'layer_norm', value: 'yes', names: ['off', 'on'] }],
    [
      '?attention=linear,magic',
      { type: 'unknown-name', key: 'attention', value: 'magic', names: ['linear', 'softmax', 'mesa'] },
    ],
    [
      '?preset=nothing',
      { type: 'unknown-name', key: 'preset', value: 'nothing', names: ['linear-1', 'notebook'] },
    ],
    ['?variant=huge', { type: 'unknown-name', key: 'variant', value: 'huge', names: ['quick', 'paper'] }],
    [
      '?engine=gpu',
      { type: 'unknown-name', key: 'engine', value: 'gpu', names: ['auto', 'relaxed', 'simd128'] },
    ],
    ['?workers=0', { type: 'out-of-range', key: 'workers', value: '0', minimum: 1, maximum: 16 }],
    ['?view=magic', { type: 'unknown-name', key: 'view', value: 'magic', names: facts.views }],
    ['?controls=magic', { type: 'unknown-name', key: 'controls', value: 'magic', names: controlNames }],
    ['?figure=a%20b', { type: 'not-an-id', key: 'figure', value: 'a b' }],
  ])('%s is noted, and the rest trains', (query, note) => {
    const { state, notes } = parse(`${query}&utm_source=x`);
    expect(notes).toEqual([note]);
    expect(state.figure.run).toEqual(defaultRun);
  });
});
