/** Tells whether any part of `element` can be seen, now and whenever that changes, until the answer is called. */
export type WatchElement = (element: Element, tell: (inSight: boolean) => void) => () => void;

/** A little before it is scrolled into sight, a figure is there. */
const margin = '10% 0px';

/** Also inside a frame it counts what can be seen of the whole window. */
export const watchElement: WatchElement = (element, tell) => {
  const observer = new IntersectionObserver(
    (entries) => {
      const newest = entries.at(-1);
      if (newest) tell(newest.isIntersecting);
    },
    { rootMargin: margin },
  );
  observer.observe(element);
  return () => {
    observer.disconnect();
  };
};
