import { useId } from 'preact/hooks';
import { Live } from '../i18n/live';
import styles from './controls.module.css';

export interface SelectOption {
  readonly value: string;
  readonly label: string;
}

interface SelectProps {
  readonly label: string;
  readonly options: readonly { readonly label: string; readonly options: readonly SelectOption[] }[];
  readonly value: string;
  readonly disabled?: boolean;
  readonly onChoose: (value: string) => void;
}

/** One of many options, in groups. */
export function Select({ label, options, value, disabled = false, onChoose }: SelectProps) {
  const id = useId();
  return (
    <div class={styles.labelled}>
      <label for={id}>
        <Live text={label} />
      </label>
      <select
        id={id}
        class={styles.select}
        value={value}
        disabled={disabled}
        onChange={(event) => {
          onChoose(event.currentTarget.value);
        }}
      >
        {options.map((group) => (
          <optgroup key={group.label} label={group.label}>
            {group.options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </div>
  );
}
