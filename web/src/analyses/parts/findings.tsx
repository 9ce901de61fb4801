import type { ComponentChildren } from 'preact';
import styles from './findings.module.css';

interface FindingsProps {
  readonly heading?: string;
  /** What stands beside the chart or the table. */
  readonly text: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A chart or a table with its explanation and its numbers: beside each other where there is room. */
export function FindingsRow({ heading, text, children }: FindingsProps) {
  return (
    <div class={styles.row} data-part="findings">
      <div class={styles.text}>
        {heading !== undefined && <h3>{heading}</h3>}
        {text}
      </div>
      {children}
    </div>
  );
}

/** Charts beside each other where there is room. */
export function Charts({ children }: { children: ComponentChildren }) {
  return <div class={styles.charts}>{children}</div>;
}

/** What an analysis is about, ahead of what it found. */
export function Prose({ children }: { children: ComponentChildren }) {
  return <p class={styles.prose}>{children}</p>;
}
