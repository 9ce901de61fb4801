import { useMemo } from 'preact/hooks';
import { SideBySide } from '../../charts/side-by-side';
import type { Run } from '../../run/run';
import { Button } from '../../ui/button';
import { Notice } from '../../ui/notice';
import { InContextChart } from './in-context-chart';
import { createMaximum } from './lines';
import { say } from './messages';
import { TrainingChart } from './training-chart';

/** The model's losses beside those of its references: within a sequence, and over the training. */
export function Losses({ run }: { run: Run }) {
  const { state } = run;
  const yMaximum = useMemo(() => createMaximum(state), [state]);
  return (
    <>
      <SideBySide>
        <InContextChart state={state} yMaximum={yMaximum} />
        <TrainingChart state={state} yMaximum={yMaximum} />
      </SideBySide>
      <ReferenceNotice run={run} />
    </>
  );
}

/** Says that there is nothing to compare the model with, which does not keep it from training. */
function ReferenceNotice({ run }: { run: Run }) {
  const problem = run.state.referenceProblem.value;
  // Without an engine there are no references either, and the figure says so already.
  if (!problem || run.state.problem.value) return null;
  return (
    <Notice tone="note">
      <p>{say(problem.kind === 'unavailable' ? 'references.missing' : 'references.failed')}</p>
      <Button
        label={say('references.retry')}
        onClick={() => {
          run.retryReferences();
        }}
      />
    </Notice>
  );
}
