import { useComputed, type ReadonlySignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { Live } from '../../i18n/live';
import { duration, integer, noNumber, rough } from '../../i18n/numbers';
import type { RunState } from '../../run/run-state';
import styles from './controls.module.css';
import { say } from './messages';

/** Step, speed, learning rate, time left, seed, engine and how many workers share each step. */
export function RunNumbers({ state }: { state: RunState }) {
  const step = useComputed(() => integer(state.step.value));
  const end = useComputed(() => (state.configuration.value ? integer(state.end.value) : noNumber));
  const speed = useComputed(() => speedText(state.stepsPerSecond.value));
  const rate = useComputed(() => rough(state.learningRate.value ?? NaN));
  const left = useComputed(() => timeLeft(state));
  const seed = useComputed(() => String(state.configuration.value?.seed ?? noNumber));
  const engine = useComputed(() => state.engine.value ?? noNumber);
  const workers = useComputed(() => integer(state.workers.value));
  const unit = (words: ComponentChildren) => <span class={styles.unit}>{words}</span>;
  return (
    <dl class={styles.numbers} data-part="run-numbers">
      <Entry name={say('number.step')}>
        {say.rich('number.step.value', { step: number(step), end: number(end), unit })}
      </Entry>
      <Entry name={say('number.speed')}>
        {say.rich('number.speed.value', { rate: number(speed), unit })}
      </Entry>
      <Entry name={say('number.rate')}>{number(rate)}</Entry>
      <Entry name={say('number.left')}>
        <Live text={left} />
      </Entry>
      <Entry name={say('number.seed')}>{number(seed)}</Entry>
      <Entry name={say('number.engine')}>{number(engine)}</Entry>
      <Entry name={say('number.workers')}>{number(workers)}</Entry>
    </dl>
  );
}

const number = (text: ReadonlySignal<string>) => <Live text={text} numeric />;

function Entry({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Whole steps a second, and digits where there are few: 1,600, 33, 0.31 */
export function speedText(stepsPerSecond: number | undefined): string {
  if (stepsPerSecond === undefined) return noNumber;
  return stepsPerSecond < 100 ? rough(stepsPerSecond) : integer(stepsPerSecond);
}

function timeLeft({ phase, stepsPerSecond, step, end }: RunState): string {
  switch (phase.value) {
    case 'finished':
      return say('left.done');
    case 'loading':
      return say('left.loading');
    case 'waiting':
      return say('left.waiting');
    case 'parked':
      return say('left.parked');
    default:
      return stepsPerSecond.value ? duration((end.value - step.value) / stepsPerSecond.value) : noNumber;
  }
}
