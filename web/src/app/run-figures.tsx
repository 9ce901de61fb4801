import { useComputed, type ReadonlySignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { RunState } from '../run/run-state';
import { duration, integer, rough } from '../format';

const none = '–';

/** Step, speed, learning rate, time left, seed, engine and how many workers share each step. */
export function RunFigures({ run }: { run: RunState }) {
  const timeLeft = useComputed(() => {
    const rate = run.stepsPerSecond.value;
    if (run.phase.value === 'finished') return 'done';
    if (!rate) return none;
    return duration((run.end.value - run.step.value) / rate);
  });
  return (
    <dl class="figures">
      <Figure name="Step" value={useComputed(() => integer(run.step.value))}>
        <span class="unit">
          of {useComputed(() => (run.configuration.value ? integer(run.end.value) : none))}
        </span>
      </Figure>
      <Figure name="Speed" value={useComputed(() => run.stepsPerSecond.value?.toFixed(0) ?? none)}>
        <span class="unit">steps/s</span>
      </Figure>
      <Figure
        name="Learning rate"
        value={useComputed(() => {
          const rate = run.learningRate.value;
          return rate === undefined ? none : rough(rate);
        })}
      />
      <Figure name="Time left" value={timeLeft} />
      <Figure name="Seed" value={useComputed(() => String(run.configuration.value?.seed ?? none))} />
      <Figure name="Engine" value={useComputed(() => run.engine.value ?? none)} />
      <Figure name="Workers" value={useComputed(() => String(run.workers.value))} />
    </dl>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: ReadonlySignal<string>;
  readonly children?: ComponentChildren;
}

function Figure({ name, value, children }: FigureProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value} {children}
      </dd>
    </div>
  );
}
