import { useComputed, type ReadonlySignal } from '@preact/signals';
import { rough } from '../format';
import { paint } from './color-scale';
import { usePainting } from './use-painting';

const signedSamples = Float32Array.from({ length: 129 }, (_, index) => index / 64 - 1);
const positiveSamples = signedSamples.slice(64);

/** The legend of a diverging colour scale from -limit to limit, or of its half from 0. */
export function ColorBar({ limit, signed }: { limit: ReadonlySignal<number>; signed: boolean }) {
  const samples = signed ? signedSamples : positiveSamples;
  const canvas = usePainting(useComputed(() => paint(samples, 1, samples.length, 1)));
  const end = useComputed(() => rough(limit.value));
  return (
    <div class={`color-bar ${signed ? 'color-bar-signed' : ''}`}>
      <canvas ref={canvas} aria-hidden="true" />
      {signed && <span>−{end}</span>}
      <span>0</span>
      <span>
        {signed && '+'}
        {end}
      </span>
    </div>
  );
}
