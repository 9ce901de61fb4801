import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import styles from './controls.module.css';

interface SliderProps {
  readonly label: ComponentChildren;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly value: Signal<number>;
  /** The value in words, for screen readers. */
  readonly valueText: string;
}

export function Slider({ label, min, max, step, value, valueText }: SliderProps) {
  return (
    <label class={styles.slider}>
      <span>{label}</span>
      <input
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={valueText}
        onInput={(event) => {
          value.value = event.currentTarget.valueAsNumber;
        }}
      />
    </label>
  );
}
