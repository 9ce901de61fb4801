import type { ReadonlySignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { Live } from '../i18n/live';
import { classNames } from '../styles/class-names';
import styles from './controls.module.css';

interface ButtonProps {
  readonly label: string | ReadonlySignal<string>;
  readonly icon?: ComponentChildren;
  /** The one that matters most of its group. */
  readonly primary?: boolean;
  /** It stays in the order of focus: who has just pressed it does not lose the place. */
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

export function Button({ label, icon, primary = false, disabled = false, onClick }: ButtonProps) {
  return (
    <button
      type="button"
      class={classNames(styles.button, primary && styles.primary)}
      aria-disabled={disabled}
      onClick={() => {
        if (!disabled) onClick();
      }}
    >
      {icon}
      <Live text={label} />
    </button>
  );
}
