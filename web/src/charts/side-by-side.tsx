import type { ComponentChildren } from 'preact';
import styles from './side-by-side.module.css';

/** Charts beside each other, where there is room for more than one. */
export const SideBySide = ({ children }: { children: ComponentChildren }) => (
  <div class={styles.charts}>{children}</div>
);
