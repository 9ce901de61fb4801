import type { ComponentChildren } from 'preact';
import { classNames } from '../../styles/class-names';
import styles from './math.module.css';

/** A symbol, set as mathematics is. */
export function Symbol({ children, large = false }: { children: ComponentChildren; large?: boolean }) {
  return <var class={classNames(styles.symbol, large && styles.large)}>{children}</var>;
}

/** For messages with <v>variables</v> in them. */
export const v = (words: ComponentChildren) => <var>{words}</var>;
