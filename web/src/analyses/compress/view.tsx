import { computed, useComputed, useSignal, type ReadonlySignal, type Signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { LineChart } from '../../charts/line-chart';
import type { Series } from '../../charts/series';
import { Live } from '../../i18n/live';
import { integer, loss, rough } from '../../i18n/numbers';
import { Slider } from '../../ui/slider';
import type { FindingsProps } from '../definition';
import { FindingsRow, Prose } from '../parts/findings';
import { v } from '../parts/math';
import { say as sayPart } from '../parts/messages';
import { Readings } from '../parts/readings';
import { say } from './messages';
import type { CompressResult } from './result';

export function Introduction() {
  return <Prose>{say.rich('introduction', { v })}</Prose>;
}

export function Findings({ result }: FindingsProps<CompressResult>) {
  const last = result.value.loss.length - 1;
  const place = useSignal(Math.floor(last / 2));
  const series = useMemo(() => createSeries(result, place), [result, place]);
  return (
    <FindingsRow text={<Mixture result={result} place={place} />}>
      <LineChart
        title={say('title')}
        level={3}
        xLabel={say('axis')}
        yLabel={sayPart('axis.mean-loss')}
        xDomain={useComputed(() => [0, 1] as const)}
        yMaximum={useComputed(() => 1.15 * Math.max(...result.value.loss))}
        series={series}
        describe={(x) => say('place', { share: rough(x) })}
      />
    </FindingsRow>
  );
}

interface MixtureProps {
  readonly result: ReadonlySignal<CompressResult>;
  /** Which of the mixtures is looked at. */
  readonly place: Signal<number>;
}

function createSeries(result: MixtureProps['result'], place: MixtureProps['place']): [Series, ...Series[]] {
  const points = computed(() =>
    Array.from(result.value.loss, (y, index) => ({ x: result.value.share_of_trained[index] ?? 0, y })),
  );
  return [
    { id: 'mixture', role: 'model', label: say('mixture'), points },
    {
      id: 'chosen',
      role: 'mark',
      label: say('chosen'),
      unlisted: true,
      points: computed(() => points.value.slice(place.value, place.value + 1)),
    },
  ];
}

/** The chosen mixture, between the compressed and the trained model. */
function Mixture({ result, place }: MixtureProps) {
  const { loss: losses, share_of_trained: shares, numbers } = result.value;
  const last = losses.length - 1;
  const share = rough(shares[place.value] ?? 0);
  const lossAt = (index: number): string => loss(losses[index] ?? NaN);
  return (
    <>
      <Slider label={say.rich('share', { v })} min={0} max={last} step={1} value={place} valueText={share} />
      <Readings
        readings={[
          { key: 'compressed', name: say('compressed'), value: lossAt(0) },
          {
            key: 'mixed',
            name: say.rich('mixed', { v, share: <Live numeric text={share} /> }),
            value: lossAt(place.value),
          },
          { key: 'trained', name: say('trained'), value: lossAt(last) },
        ]}
      />
      <p>
        {say('left', {
          trained: integer(numbers.trained),
          compressed: integer(numbers.compressed),
          ratio: numbers.compressed / numbers.trained,
        })}
      </p>
    </>
  );
}
