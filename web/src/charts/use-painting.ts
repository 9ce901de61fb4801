import { effect, type ReadonlySignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/**
 * A canvas that shows `image`, one pixel of the canvas for each of the image. It is painted at once when the image
 * changes, not with the next frame: before printing, that would be too late.
 */
export function usePainting(image: ReadonlySignal<ImageData>): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(
    () =>
      effect(() => {
        const { width, height } = image.value;
        if (!canvas.current) return;
        // Even to set the size it has makes a canvas allocate its memory anew.
        if (canvas.current.width !== width) canvas.current.width = width;
        if (canvas.current.height !== height) canvas.current.height = height;
        canvas.current.getContext('2d')?.putImageData(image.value, 0, 0);
      }),
    [image],
  );
  return canvas;
}
