import { useComputed, type ReadonlySignal } from '@preact/signals';
import styles from './controls.module.css';

interface ProgressProps {
  readonly label: string;
  /** From 0 to 1. */
  readonly value: number | ReadonlySignal<number>;
}

export function Progress({ label, value }: ProgressProps) {
  return typeof value === 'number' ? (
    <progress class={styles.progress} aria-label={label} max={1} value={within(value)} />
  ) : (
    <LiveProgress label={label} value={value} />
  );
}

/** Moves without being drawn anew. */
function LiveProgress({ label, value }: { label: string; value: ReadonlySignal<number> }) {
  const share = useComputed(() => within(value.value));
  return <progress class={styles.progress} aria-label={label} max={1} value={share} />;
}

const within = (value: number): number => (Number.isFinite(value) ? Math.max(0, Math.min(1, value)) : 0);
