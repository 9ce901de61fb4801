import { useComputed, useSignal, type Signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { LineChart } from '../../charts/line-chart';
import type { Series } from '../../charts/series';
import { integer } from '../../i18n/numbers';
import { Choice } from '../../ui/choice';
import type { FindingsProps } from '../definition';
import { depthName, depthSeries } from '../parts/depths';
import { FindingsRow, Prose } from '../parts/findings';
import { v } from '../parts/math';
import { say as sayPart } from '../parts/messages';
import { say } from './messages';
import type { ProbeResult } from './result';

export function Introduction() {
  return <Prose>{say('introduction')}</Prose>;
}

const allDepths = -1;
const nothing = { rows: 0, columns: 0, entries: new Float64Array() };

export function Findings({ result }: FindingsProps<ProbeResult>) {
  const name = useSignal(result.value.targets[0]?.name ?? '');
  const depth = useSignal(allDepths);
  const error = useComputed(
    () => result.value.targets.find((one) => one.name === name.value)?.relative_error ?? nothing,
  );
  const depths = useComputed(() => Math.max(1, error.value.rows));
  const series = useMemo(
    () =>
      depthSeries(
        depths.value,
        () => error.value,
        () => (depth.value === allDepths ? undefined : depth.value),
      ) as [Series, ...Series[]],
    [depths.value, error, depth],
  );
  const choices = <Choices targets={result.value.targets} name={name} depths={depths.value} depth={depth} />;
  return (
    <FindingsRow text={choices}>
      <LineChart
        title={say('title', { target: targetName(name.value) })}
        level={3}
        xLabel={sayPart('axis.position')}
        yLabel={say('axis.error')}
        xDomain={useComputed(() => [1, Math.max(2, error.value.columns)] as const)}
        yMaximum={useComputed(() => 1.15)}
        series={series}
        describe={(x) => sayPart('at.position', { position: integer(x) })}
      />
    </FindingsRow>
  );
}

/** What the engine calls it, should there be one that the page does not know. */
function targetName(name: string): string {
  const key = `target.${name}`;
  return say.has(key) ? say.dynamic(key, {}) : name;
}

interface ChoicesProps {
  readonly targets: ProbeResult['targets'];
  readonly name: Signal<string>;
  readonly depths: number;
  readonly depth: Signal<number>;
}

/** What is probed for, and where it is read. */
function Choices({ targets, name, depths, depth }: ChoicesProps) {
  const meaning = `meaning.${name.value}`;
  return (
    <>
      <Choice
        legend={say('choice.target')}
        options={targets.map((one) => ({ value: one.name, label: targetName(one.name) }))}
        chosen={name}
      />
      {say.has(meaning) && <p>{say.richDynamic(meaning, { v })}</p>}
      <Choice
        legend={say('choice.depth')}
        options={[
          { value: allDepths, label: say('choice.all') },
          ...Array.from({ length: depths }, (_, value) => ({ value, label: depthName(value) })),
        ]}
        chosen={depth}
      />
    </>
  );
}
