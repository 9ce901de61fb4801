import { useSignal, type ReadonlySignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import type { Box } from './plot';
import type { Measure } from './ticks';

/** Of a tick's text, in rem, as the style sheet has it. */
const tickSize = 0.75;

/**
 * The place that the element of `frame` has, measured before the first paint. `rem` is on an element one rem wide, whose
 * size changes with the text's.
 */
export function useBox(
  frame: RefObject<HTMLElement | null>,
  rem: RefObject<HTMLElement | null>,
): ReadonlySignal<Box> {
  const box = useSignal<Box>({ width: 0, rem: 16, measure: () => 0 });
  useLayoutEffect(() => {
    const element = frame.current;
    const unit = rem.current;
    if (!element || !unit) return undefined;
    const measure = (): void => {
      const size = unit.getBoundingClientRect().width || box.peek().rem;
      box.value = { width: element.clientWidth, rem: size, measure: createMeasure(element, tickSize * size) };
    };
    measure();
    const observer = new ResizeObserver(() => {
      const { width, rem: size } = box.peek();
      if (element.clientWidth !== width || unit.getBoundingClientRect().width !== size) measure();
    });
    observer.observe(element);
    observer.observe(unit);
    return () => {
      observer.disconnect();
    };
  }, [frame, rem, box]);
  return box;
}

/** Measures texts of so many pixels in the font of `element`. */
function createMeasure(element: HTMLElement, size: number): Measure {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) return (text) => 0.6 * size * text.length;
  context.font = `${size}px ${getComputedStyle(element).fontFamily}`;
  return (text) => context.measureText(text).width;
}
