import type { RefObject } from 'preact';
import { rough } from '../../i18n/numbers';
import { Button } from '../../ui/button';
import { Notice } from '../../ui/notice';
import type { Figure } from '../figure';
import { presetNumber } from '../presets';
import { Explanation } from './explanation';
import { say } from './messages';
import styles from './problems.module.css';
import { remediesOf, type Remedy } from './remedies';

interface ProblemNoticeProps {
  readonly figure: Figure;
  /** Takes the focus when the notice goes with the button that had it. */
  readonly home: RefObject<HTMLElement | null>;
}

/** What went wrong and the ways on. Whatever the charts show stays. */
export function ProblemNotice({ figure: { run }, home }: ProblemNoticeProps) {
  const problem = run.state.problem.value;
  if (!problem) return null;
  const spec = run.request.value;
  const rate = run.state.configuration.value?.learning_rate;
  const remedies = remediesOf(problem, {
    spec,
    learningRate: typeof rate === 'number' ? rate : undefined,
    presetRate: presetNumber(spec, 'learning_rate'),
  });
  const take = (remedy: Remedy): void => {
    if ('spec' in remedy) run.open(remedy.spec);
    else run.retry();
    home.current?.focus({ preventScroll: true });
  };
  return (
    // A new notice for a new problem: it is read out, whatever a translator did to the last one.
    <Notice key={JSON.stringify(problem)} tone="problem" heading={say(`title.${problem.kind}`)}>
      <Explanation problem={problem} changed={Object.keys(spec.settings)} />
      {remedies.length > 0 && (
        <div class={styles.remedies}>
          {remedies.map((remedy) => (
            <Button
              key={remedy.type}
              label={labelOf(remedy)}
              onClick={() => {
                take(remedy);
              }}
            />
          ))}
        </div>
      )}
    </Notice>
  );
}

function labelOf(remedy: Remedy): string {
  switch (remedy.type) {
    case 'without':
      return say('remedy.without', { field: remedy.field });
    case 'preset':
      return say('remedy.preset', { preset: remedy.spec.preset });
    case 'slower':
      return say('remedy.slower', { rate: rough(remedy.rate) });
    default:
      return say(`remedy.${remedy.type}`);
  }
}
