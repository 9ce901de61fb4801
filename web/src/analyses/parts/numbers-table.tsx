import type { ComponentChildren } from 'preact';
import { Live } from '../../i18n/live';
import { classNames } from '../../styles/class-names';
import styles from './numbers-table.module.css';

export interface Column {
  readonly heading: string;
  readonly numeric?: boolean;
}

interface NumbersTableProps {
  /** What the table is of, for a screen reader. */
  readonly label: string;
  readonly columns: readonly Column[];
  /** Its rows. */
  readonly children: ComponentChildren;
}

/** A table of numbers, which scrolls by itself where it is too wide. */
export function NumbersTable({ label, columns, children }: NumbersTableProps) {
  return (
    <div class={styles.frame} role="region" aria-label={label} tabIndex={0}>
      <table class={styles.numbers} aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ heading, numeric = false }) => (
              <th key={heading} scope="col" class={classNames(numeric && styles.number)}>
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** A cell that holds a number. */
export function NumberCell({ text }: { text: string }) {
  return <Live as="td" class={styles.number} numeric text={text} />;
}

/** A cell whose number stands before a bar of that share of its width. */
export function BarCell({ text, share }: { text: string; share: number }) {
  return (
    <td class={styles.bar} style={{ '--share': Number.isFinite(share) ? share : 0 }}>
      <Live numeric text={text} />
    </td>
  );
}
