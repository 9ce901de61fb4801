import { fixed, integer, loss, percent } from '../../i18n/numbers';
import type { FindingsProps } from '../definition';
import { FindingsRow, Prose } from '../parts/findings';
import { BarCell, NumberCell, NumbersTable } from '../parts/numbers-table';
import { plusMinus } from '../parts/plus-minus';
import { say } from './messages';
import type { LineariseResult } from './result';

export function Introduction() {
  return <Prose>{say('introduction')}</Prose>;
}

export function Findings({ result }: FindingsProps<LineariseResult>) {
  const { layers, loss: trained } = result.value;
  const largest = Math.max(...layers.map(({ ratio }) => ratio));
  const columns = [
    { heading: say('column.layer') },
    { heading: say('column.ratio') },
    { heading: say('column.without'), numeric: true },
    { heading: say('column.missed'), numeric: true },
  ];
  return (
    <FindingsRow heading={say('heading')} text={<p>{say('text', { loss: loss(trained) })}</p>}>
      <NumbersTable label={say('heading')} columns={columns}>
        {layers.map(({ layer, ratio, ratio_standard_error: error, ratio_without, error: missed }) => (
          <tr key={layer}>
            <td>{integer(layer + 1)}</td>
            <BarCell text={plusMinus(ratio, error, 3)} share={ratio / largest} />
            <NumberCell text={fixed(ratio_without, 2)} />
            <NumberCell text={percent(missed)} />
          </tr>
        ))}
      </NumbersTable>
    </FindingsRow>
  );
}
