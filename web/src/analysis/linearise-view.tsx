import { loss, percent } from '../format';
import type { AnalysisView, FindingsProps } from './analysis-view';

function Introduction() {
  return (
    <p class="prose">
      How much of the softmax does a softmax layer need? Each of them is replaced, one at a time, by a layer
      of linear attention that is taught to give the same output. If the model predicts as well with it, that
      layer was working as a linear one, as a step of gradient descent does. The first layer of a model that
      has to bring points together first needs its softmax; later ones need it less. It takes seconds to
      minutes, depending on the model; training goes on beside it.
    </p>
  );
}

function Findings({ result }: FindingsProps<'linearise'>) {
  const { layers, loss: trained } = result.value;
  const largest = Math.max(...layers.map(({ ratio }) => ratio));
  return (
    <div class="findings">
      <div class="findings-text">
        <h3>One layer made linear</h3>
        <p>
          The trained model’s loss is {loss(trained)}. A ratio of 1 means that the model is as good with the
          linear layer in place of its own.
        </p>
      </div>
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">layer</th>
            <th scope="col">loss ratio</th>
            <th scope="col" class="number">
              without the layer
            </th>
            <th scope="col" class="number">
              output not imitated
            </th>
          </tr>
        </thead>
        <tbody>
          {layers.map(({ layer, ratio, ratio_standard_error: error, ratio_without, error: missed }) => (
            <tr key={layer}>
              <td>{layer + 1}</td>
              <td class="bar" style={{ '--share': ratio / largest }}>
                <span>
                  {ratio.toFixed(3)} ± {error.toFixed(3)}
                </span>
              </td>
              <td class="number">{ratio_without.toFixed(2)}</td>
              <td class="number">{percent(missed)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export const linearise: AnalysisView<'linearise'> = {
  Introduction,
  Findings,
  order: 'Make each layer linear',
};
