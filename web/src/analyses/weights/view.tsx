import { useComputed, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { integer, percent } from '../../i18n/numbers';
import { numberSetting } from '../../protocol/run-spec';
import { LayerChoice } from '../../ui/choice';
import type { FindingsProps, IntroductionProps } from '../definition';
import { Prose } from '../parts/findings';
import { channelBands, propositionBlocks } from './channels';
import { say } from './messages';
import { products } from './product';
import { ProductRow } from './product-row';
import { thresholds } from './product-summary';
import type { WeightsResult } from './result';
import styles from './view.module.css';

const outlinedWord = (words: ComponentChildren) => <span class={styles.outlined}>{words}</span>;

export function Introduction({ configuration }: IntroductionProps) {
  const blocks = channelBands(configuration).length;
  return (
    <Prose>
      {say.rich('introduction', {
        proposition: propositionBlocks(configuration) ? 'yes' : 'no',
        outlined: outlinedWord,
        blocks: blocks > 0 ? 'yes' : 'no',
        means: integer(blocks ** 2),
        large: percent(thresholds[0]),
        small: percent(thresholds[1]),
      })}
    </Prose>
  );
}

type WeightsProps = Pick<FindingsProps<WeightsResult>, 'run' | 'configuration'>;

export function Findings(props: WeightsProps) {
  // Another model may have fewer layers than the one that was looked at.
  return <LayerWeights key={numberSetting(props.configuration, 'layers')} {...props} />;
}

/** The weight products of a layer's heads. */
function LayerWeights({ run, configuration }: WeightsProps) {
  const layers = numberSetting(configuration, 'layers');
  const layer = useSignal(0);
  const heads = useComputed(() => run.state.weights.value.filter((head) => head.layer === layer.value));
  const channels = useMemo(() => channelBands(configuration), [configuration]);
  const blocks = useMemo(() => propositionBlocks(configuration), [configuration]);
  return (
    <>
      {layers > 1 && <LayerChoice layers={layers} chosen={layer} />}
      {products.map((product) => (
        <ProductRow
          key={product}
          product={product}
          headCount={numberSetting(configuration, 'heads')}
          heads={heads}
          channels={channels}
          outlined={blocks?.[product]}
        />
      ))}
    </>
  );
}
