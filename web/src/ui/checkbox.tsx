import type { Signal } from '@preact/signals';
import { Live } from '../i18n/live';
import styles from './controls.module.css';

export function Checkbox({ label, checked }: { label: string; checked: Signal<boolean> }) {
  return (
    <label class={styles.checkbox}>
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => {
          checked.value = event.currentTarget.checked;
        }}
      />
      <Live text={label} />
    </label>
  );
}
