import { computed, type ReadonlySignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { Live } from '../i18n/live';
import { integer, rough, signedRough } from '../i18n/numbers';
import { classNames } from '../styles/class-names';
import styles from './color-bar.module.css';
import { paint } from './color-scale';
import { usePainting } from './use-painting';

const signedSamples = Float32Array.from({ length: 129 }, (_, index) => index / 64 - 1);
const positiveSamples = signedSamples.slice(64);

/** The legend of a diverging colour scale from -limit to limit, or of its half from 0. */
export function ColorBar({ limit, signed }: { limit: ReadonlySignal<number>; signed: boolean }) {
  const samples = signed ? signedSamples : positiveSamples;
  const canvas = usePainting(useMemo(() => computed(() => paint(samples, 1, samples.length, 1)), [samples]));
  const low = useMemo(() => computed(() => signedRough(-limit.value)), [limit]);
  const high = useMemo(() => computed(() => (signed ? signedRough : rough)(limit.value)), [limit, signed]);
  return (
    <div class={classNames(styles.bar, signed && styles.signed)} data-part="color-bar">
      <canvas ref={canvas} aria-hidden="true" />
      {signed && <Live text={low} numeric />}
      <Live text={integer(0)} numeric />
      <Live text={high} numeric />
    </div>
  );
}
