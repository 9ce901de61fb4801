/// <reference types="vite/types/importMeta.d.ts" />
import { describe, expect, test } from 'vitest';
import { findLiterals } from './literals';

const sources = import.meta.glob<string>('../**/*.tsx', { query: '?raw', import: 'default', eager: true });

describe('components', () => {
  test('are found', () => {
    expect(Object.keys(sources).length).toBeGreaterThan(20);
  });

  test.each(Object.entries(sources))('%s has its texts in a catalogue', (path, source) => {
    expect(findLiterals(source, path)).toEqual([]);
  });
});

const texts = (source: string): string[] => findLiterals(source, 'x.tsx').map(({ text }) => text);

describe('a literal text is found', () => {
  test.each([
    ['between tags', 'const x = <p>Hello</p>;', ['Hello']],
    ['behind an element', 'const x = <p><b>{n}</b> steps</p>;', ['steps']],
    ['as an expression between tags', 'const x = <p>{"Hello"}</p>;', ['Hello']],
    ['in a condition', 'const x = <p>{a ? "Yes" : "No"}{b && "Maybe"}</p>;', ['Yes', 'No', 'Maybe']],
    ['in a template', 'const x = <p>{`Layer ${n}`}</p>;', ['Layer']],
    ['in an attribute', 'const x = <p aria-label="Layer" title={a ?? "None"} />;', ['Layer', 'None']],
    [
      'in a property of a component',
      'const x = <Chart xLabel="steps" title={`At ${n}`} />;',
      ['steps', 'At'],
    ],
    ['in a function of a property', 'const x = <Chart describe={(x) => `at step ${x}`} />;', ['at step']],
    ['in a field of an object', 'const x = { label: "Weights", kind: "weights" };', ['Weights']],
    [
      'as words, anywhere',
      'announce("training is done"); const s = "Not, yet";',
      ['training is done', 'Not, yet'],
    ],
    ['in an attribute of a symbol', 'const x = <var title="Loss">L</var>;', ['Loss']],
  ])('%s', (_, source, expected) => {
    expect(texts(source)).toEqual(expected);
  });
});

describe('what is no text is left alone', () => {
  test.each([
    ['symbols of mathematics', 'const x = <var>W<sub>q</sub></var>;'],
    ['digits and signs', 'const x = <p>{n} ± 3 %</p>;'],
    [
      'technical attributes',
      'const x = <path class="line thick" d="M4 2v11l9 5z" role="img" type="button" />;',
    ],
    ['names of form fields', 'const x = <input name="layer" />;'],
    ['comparisons', 'const x = <p hidden={kind === "weights"}>{say("weights")}</p>;'],
    ['keys of messages', 'const x = <p title={say("order.start")}>{say(`tab.${kind}`)}</p>;'],
    ['errors for programs', 'throw new Error("announcements need a provider");'],
    ['names of types', 'type A = "one two"; import x from "./a b";'],
  ])('%s', (_, source) => {
    expect(texts(source)).toEqual([]);
  });
});
