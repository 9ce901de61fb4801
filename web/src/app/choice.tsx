import type { Signal } from '@preact/signals';
import { useId } from 'preact/hooks';

interface ChoiceProps<Value> {
  readonly legend: string;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly chosen: Signal<Value>;
}

/** A few options to choose one of. */
export function Choice<Value extends string | number>({ legend, options, chosen }: ChoiceProps<Value>) {
  const name = useId();
  return (
    <fieldset class="choice">
      <legend>{legend}</legend>
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
          {label}
        </label>
      ))}
    </fieldset>
  );
}

/** One of so many layers, counted from 0. */
export function LayerChoice({ layers, chosen }: { layers: number; chosen: Signal<number> }) {
  const options = Array.from({ length: layers }, (_, layer) => ({ value: layer, label: String(layer + 1) }));
  return <Choice legend="Layer" options={options} chosen={chosen} />;
}
