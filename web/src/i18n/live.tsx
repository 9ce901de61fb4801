import { effect, type ReadonlySignal } from '@preact/signals';
import { createElement } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface LiveProps {
  readonly text: string | ReadonlySignal<string>;
  readonly as?: 'span' | 'p' | 'dt' | 'dd' | 'td' | 'th' | 'h2' | 'h3' | 'h4';
  readonly class?: string | undefined;
  /** Not for translators: digits that change several times a second. */
  readonly numeric?: boolean;
  /** A name of the part for tests and style sheets of others. */
  readonly part?: string;
}

/**
 * An element whose text changes while it is shown. When a browser translates the page, it takes text nodes out of their
 * place, and whoever still writes to them writes to nothing. So this element sets its whole content anew each time.
 */
export function Live({ text, as = 'span', class: name, numeric, part }: LiveProps) {
  const element = useRef<HTMLElement>(null);
  useLayoutEffect(
    () =>
      effect(() => {
        const words = typeof text === 'string' ? text : text.value;
        if (element.current) element.current.textContent = words;
      }),
    [text],
  );
  return createElement(as, {
    ref: element,
    class: name,
    'data-part': part,
    translate: numeric ? false : undefined,
  });
}
