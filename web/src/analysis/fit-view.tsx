import { useComputed } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { LineChart } from '../charts/line-chart';
import type { Series } from '../charts/series';
import { loss, rough } from '../format';
import type { AnalysisView, FindingsProps } from './analysis-view';
import { curve, largest } from './curves';
import { Figures } from './figures';

function Introduction() {
  return (
    <p class="prose">
      Is this layer one step of gradient descent? On one set of sequences the step’s learning rate η and its
      starting point w₀ (it starts from w₀ times the identity) are tuned twice: to predict the next point, and
      to imitate the model. On another set they are compared. From these tokens a linear layer can compute
      eight products of current and previous points, of which a gradient step uses two at most: the best
      combination of all eight shows how much more there is to gain.
    </p>
  );
}

function Findings({ result }: FindingsProps<'fit'>) {
  const series = useMemo((): [Series, ...Series[]] => {
    const curves = () => result.value.loss.curves;
    return [
      curve('model', 'Transformer', () => curves().model),
      curve('gradient_descent', 'one gradient step', () => curves().gradient_descent_clipped),
      curve('features', 'best of eight products', () => curves().eight_features_clipped),
      curve('zero', 'predicting zero', () => curves().zero),
    ];
  }, [result]);
  const positions = useComputed(() => result.value.loss.curves.model.length);
  const { gradient_descent: step, fitted_to_model: fitted, likeness, loss: losses, features } = result.value;
  const { model_to: ratios } = result.value;
  return (
    <>
      <div class="findings">
        <div class="findings-text">
          <h3>Beside one gradient step</h3>
          <Figures
            figures={[
              ['Loss: Transformer', loss(losses.mean.model)],
              ['one gradient step', loss(losses.mean.gradient_descent_clipped)],
              ['best of eight products', loss(losses.mean.eight_features_clipped)],
            ]}
          />
          <Figures
            figures={[
              ['Loss ratio: to the gradient step', plusMinus(ratios.gradient_descent_clipped)],
              ['to the eight products', plusMinus(ratios.eight_features_clipped)],
            ]}
          />
          <Figures
            figures={[
              ['Cosine of the predictions', likeness.mean_cosine.toFixed(3)],
              ['η that predicts best', step.eta.toFixed(4)],
              ['η that imitates the model', fitted.eta.toFixed(4)],
              ['w₀ that predicts best', rough(step.initial_weight)],
              ['w₀ that imitates the model', rough(fitted.initial_weight)],
            ]}
          />
        </div>
        <LineChart
          title="Loss in context"
          level={3}
          xLabel="position t in the sequence"
          yLabel="squared error / 2"
          xDomain={useComputed(() => [1, positions.value] as const)}
          yMaximum={useComputed(() => 1.06 * largest(series))}
          series={series}
          describe={(x) => `at t = ${x}`}
        />
      </div>
      <div class="findings">
        <div class="findings-text">
          <h3>The eight products</h3>
          <p>
            Each is a sum over the context of a value times the match of a key with a query, and each of the
            three is a current point or the one before it. The step of gradient descent is current value,
            previous key, current query.
          </p>
        </div>
        <table class="numbers">
          <thead>
            <tr>
              <th scope="col">value</th>
              <th scope="col">key</th>
              <th scope="col">query</th>
              <th scope="col" class="number">
                in the model
              </th>
              <th scope="col" class="number">
                at best
              </th>
            </tr>
          </thead>
          <tbody>
            {features.map(({ value, key, query, model, optimum }) => (
              <tr key={value + key + query}>
                <td>{value}</td>
                <td>{key}</td>
                <td>{query}</td>
                <td class="number">{signedNumber(model)}</td>
                <td class="number">{signedNumber(optimum)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

const plusMinus = ({ value, standard_error: error }: { value: number; standard_error: number }): string =>
  `${value.toFixed(3)} ± ${error.toFixed(3)}`;

const signedNumber = (value: number): string => value.toFixed(4).replace('-', '−');

export const fit: AnalysisView<'fit'> = { Introduction, Findings };
