import { useComputed, useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { percent } from '../format';
import type { RunState } from '../run/run-state';
import { numberSetting, type Configuration } from '../worker/configuration';
import { channelBands, propositionBlocks } from './channel-bands';
import { LayerChoice } from './choice';
import { products } from './product';
import { ProductRow } from './product-row';

interface WeightsViewProps {
  readonly run: RunState;
  readonly configuration: Configuration;
}

/** The weight products of a layer's heads. */
export function WeightsView({ run, configuration }: WeightsViewProps) {
  const layers = numberSetting(configuration, 'layers');
  const layer = useSignal(0);
  const heads = useComputed(() => run.weights.value.filter((head) => head.layer === layer.value));
  const channels = useMemo(() => channelBands(configuration), [configuration]);
  const blocks = useMemo(() => propositionBlocks(configuration), [configuration]);
  return (
    <>
      <p class="prose">
        An attention head acts through two products of its weight matrices.{' '}
        {blocks && (
          <>
            Proposition 1 of the paper builds a gradient step by hand: it fills the{' '}
            <span class="outlined-word">outlined</span> blocks with a multiple of the identity matrix, which
            shows as a diagonal, and leaves all else at zero. Training starts from noise; the percentages say
            how much of each product, by its sum of squares, lies on that diagonal now.{' '}
          </>
        )}
        {channels.length > 0 &&
          'Below each map are the means of its blocks’ diagonals: if all else is noise, these 16 numbers are what the head has learned. '}
        The last two lines count the entries that are larger than {percent(0.1)} and {percent(0.01)} of the
        largest one.
      </p>
      {layers > 1 && <LayerChoice layers={layers} chosen={layer} />}
      {products.map((product) => (
        <ProductRow
          key={product.key}
          product={product}
          headCount={numberSetting(configuration, 'heads')}
          heads={heads}
          channels={channels}
          outlined={blocks?.[product.key]}
        />
      ))}
    </>
  );
}
