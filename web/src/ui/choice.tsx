import type { Signal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { Live } from '../i18n/live';
import { integer } from '../i18n/numbers';
import styles from './controls.module.css';
import { say } from './messages';

interface ChoiceProps<Value> {
  readonly legend: string;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly chosen: Signal<Value>;
}

/** A few options to choose one of. */
export function Choice<Value extends string | number>({ legend, options, chosen }: ChoiceProps<Value>) {
  const name = useId();
  return (
    <fieldset class={styles.choice} data-part="choice">
      <legend>
        <Live text={legend} />
      </legend>
      {options.map(({ value, label }) => (
        <label key={value}>
          <input
            type="radio"
            name={name}
            checked={chosen.value === value}
            onChange={() => {
              chosen.value = value;
            }}
          />
          <Live text={label} />
        </label>
      ))}
    </fieldset>
  );
}

/** One of so many layers, counted from 0. */
export function LayerChoice({ layers, chosen }: { layers: number; chosen: Signal<number> }) {
  const options = Array.from({ length: layers }, (_, layer) => ({ value: layer, label: integer(layer + 1) }));
  return <Choice legend={say('layer')} options={options} chosen={chosen} />;
}
