import { computed, useComputed, useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { LineChart } from '../charts/line-chart';
import type { Series } from '../charts/series';
import { integer, loss, rough } from '../format';
import type { AnalysisView, FindingsProps } from './analysis-view';

function Introduction() {
  return (
    <p class="prose">
      How much of the weights does the model need? Here each block of the two products is replaced by the mean
      of its diagonal times the identity matrix: sixteen numbers are left of each product. The paper calls the
      result CompressedAlg. If it predicts as well as the trained model, the rest was noise. Between the two
      lie mixtures: a share <var>a</var> of the trained products, and 1 − <var>a</var> of the compressed ones.
    </p>
  );
}

function Findings({ result }: FindingsProps<'compress'>) {
  const last = result.value.loss.length - 1;
  const place = useSignal(Math.floor(last / 2));
  const share = useComputed(() => result.value.share_of_trained[place.value] ?? 0);
  const lossAt = (index: number): string => loss(result.value.loss[index] ?? NaN);
  const { trained, compressed } = result.value.numbers;
  const series = useMemo((): [Series, ...Series[]] => {
    const points = computed(() =>
      Array.from(result.value.loss, (y, index) => ({ x: result.value.share_of_trained[index] ?? 0, y })),
    );
    return [
      { id: 'model', label: 'mixture', points },
      {
        id: 'mark',
        label: 'chosen mixture',
        unlisted: true,
        points: computed(() => points.value.slice(place.value, place.value + 1)),
      },
    ];
  }, [result, place]);
  return (
    <div class="findings">
      <div class="findings-text">
        <label class="share">
          <span>
            share <var>a</var> of the trained products
          </span>
          <input
            type="range"
            min={0}
            max={last}
            step={1}
            value={place}
            aria-valuetext={`${share.value}`}
            onInput={(event) => {
              place.value = event.currentTarget.valueAsNumber;
            }}
          />
        </label>
        <dl class="figures">
          <div>
            <dt>compressed</dt>
            <dd>{lossAt(0)}</dd>
          </div>
          <div>
            <dt>
              at <var>a</var> = {share}
            </dt>
            <dd>{lossAt(place.value)}</dd>
          </div>
          <div>
            <dt>trained</dt>
            <dd>{lossAt(last)}</dd>
          </div>
        </dl>
        <p>
          Of the {integer(trained)} numbers in the trained model, {integer(compressed)} are left:{' '}
          {rough((100 * compressed) / trained)} %.
        </p>
      </div>
      <LineChart
        title="From compressed to trained"
        level={3}
        xLabel="share a of the trained products"
        yLabel="squared error / 2, mean over positions"
        xDomain={useComputed(() => [0, 1] as const)}
        yMaximum={useComputed(() => 1.15 * Math.max(...result.value.loss))}
        series={series}
        describe={(x) => `at a = ${x}`}
      />
    </div>
  );
}

export const compression: AnalysisView<'compress'> = { Introduction, Findings };
