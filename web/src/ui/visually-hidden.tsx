import type { ComponentChildren } from 'preact';

/** For screen readers only. */
export const VisuallyHidden = ({ children }: { children: ComponentChildren }) => (
  <span class="visually-hidden">{children}</span>
);
