/**
 * Where a key leads a cursor that stands at place `index` of 0 .. `last`: to a place, or away (`release`). Undefined for
 * other keys.
 */
export function walk(key: string, index: number, last: number): number | 'release' | undefined {
  const leap = Math.max(2, Math.round(last / 10));
  const within = (place: number): number => Math.max(0, Math.min(last, place));
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return within(index - 1);
    case 'ArrowRight':
    case 'ArrowUp':
      return within(index + 1);
    case 'PageDown':
      return within(index - leap);
    case 'PageUp':
      return within(index + leap);
    case 'Home':
      return 0;
    case 'End':
      return last;
    case 'Escape':
      return 'release';
    default:
      return undefined;
  }
}
