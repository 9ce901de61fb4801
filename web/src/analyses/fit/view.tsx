import { useComputed, type ReadonlySignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { LineChart } from '../../charts/line-chart';
import type { Series } from '../../charts/series';
import { fixed, integer, loss, rough } from '../../i18n/numbers';
import type { FindingsProps } from '../definition';
import { curve, largest } from '../parts/curves';
import { FindingsRow, Prose } from '../parts/findings';
import { v } from '../parts/math';
import { say as sayPart } from '../parts/messages';
import { NumberCell, NumbersTable } from '../parts/numbers-table';
import { Pairs } from '../parts/pairs';
import { plusMinus } from '../parts/plus-minus';
import { say } from './messages';
import type { FitResult } from './result';

export function Introduction() {
  return <Prose>{say.rich('introduction', { v })}</Prose>;
}

export function Findings({ result }: FindingsProps<FitResult>) {
  const series = useMemo(() => createSeries(result), [result]);
  const positions = useComputed(() => result.value.loss.curves.model.length);
  return (
    <>
      <FindingsRow heading={say('step.heading')} text={<Likeness result={result.value} />}>
        <LineChart
          title={say('title')}
          level={3}
          xLabel={sayPart('axis.position')}
          yLabel={sayPart('axis.loss')}
          xDomain={useComputed(() => [1, positions.value] as const)}
          yMaximum={useComputed(() => 1.06 * largest(series))}
          series={series}
          describe={(x) => sayPart('at.position', { position: integer(x) })}
        />
      </FindingsRow>
      <FindingsRow heading={say('products.heading')} text={<p>{say('products.text')}</p>}>
        <Products features={result.value.features} />
      </FindingsRow>
    </>
  );
}

function createSeries(result: ReadonlySignal<FitResult>): [Series, ...Series[]] {
  const curves = () => result.value.loss.curves;
  return [
    curve({ role: 'model', label: sayPart('model'), heights: () => curves().model }),
    curve({
      role: 'gradient-descent',
      label: sayPart('gradient-step'),
      heights: () => curves().gradient_descent_clipped,
    }),
    curve({
      role: 'task-reference',
      label: say('loss.products'),
      heights: () => curves().eight_features_clipped,
    }),
    curve({ role: 'zero', label: sayPart('zero'), heights: () => curves().zero }),
  ];
}

/** How near the model is to one gradient step, and to what else its layer could compute. */
function Likeness({ result }: { result: FitResult }) {
  const {
    gradient_descent: step,
    fitted_to_model: fitted,
    likeness,
    loss: losses,
    model_to: ratios,
  } = result;
  return (
    <>
      <Pairs
        pairs={[
          [say('loss.model'), loss(losses.mean.model)],
          [say('loss.step'), loss(losses.mean.gradient_descent_clipped)],
          [say('loss.products'), loss(losses.mean.eight_features_clipped)],
        ]}
      />
      <Pairs
        pairs={[
          [say('ratio.step'), ratioText(ratios.gradient_descent_clipped)],
          [say('ratio.products'), ratioText(ratios.eight_features_clipped)],
        ]}
      />
      <Pairs
        pairs={[
          [say('cosine'), fixed(likeness.mean_cosine, 3)],
          [say('rate.predicts'), fixed(step.eta, 4)],
          [say('rate.imitates'), fixed(fitted.eta, 4)],
          [say('start.predicts'), rough(step.initial_weight)],
          [say('start.imitates'), rough(fitted.initial_weight)],
        ]}
      />
    </>
  );
}

const ratioText = ({ value, standard_error: error }: { value: number; standard_error: number }): string =>
  plusMinus(value, error, 3);

function Products({ features }: Pick<FitResult, 'features'>) {
  const columns = [
    { heading: say('products.value') },
    { heading: say('products.key') },
    { heading: say('products.query') },
    { heading: say('products.model'), numeric: true },
    { heading: say('products.optimum'), numeric: true },
  ];
  return (
    <NumbersTable label={say('products.heading')} columns={columns}>
      {features.map(({ value, key, query, model, optimum }) => (
        <tr key={`${value} ${key} ${query}`}>
          <td>{say('products.point', { point: value })}</td>
          <td>{say('products.point', { point: key })}</td>
          <td>{say('products.point', { point: query })}</td>
          <NumberCell text={fixed(model, 4)} />
          <NumberCell text={fixed(optimum, 4)} />
        </tr>
      ))}
    </NumbersTable>
  );
}
