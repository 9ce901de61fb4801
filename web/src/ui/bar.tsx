import type { ComponentChildren } from 'preact';
import styles from './bar.module.css';

/** A bar as long as its share of the place it has, behind what stands there. */
export function Bar({ share, children }: { share: number; children: ComponentChildren }) {
  const length = Number.isFinite(share) ? Math.max(0, Math.min(1, share)) : 0;
  return (
    <div class={styles.bar} style={{ '--share': length }}>
      <span>{children}</span>
    </div>
  );
}
