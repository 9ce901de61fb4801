import { useMemo } from 'preact/hooks';
import type { Laboratory } from '../run/laboratory';
import { Announcement } from './announcement';
import { Controls } from './controls';
import { InContextChart } from './in-context-chart';
import { createMaximum } from './lines';
import { ProblemNotice } from './problem-notice';
import { ShortcutHelp } from './shortcut-help';
import { TakeApart } from './take-apart';
import { TrainingChart } from './training-chart';
import { WhatYouSee } from './what-you-see';

export function App({ laboratory }: { laboratory: Laboratory }) {
  const { run } = laboratory;
  const yMaximum = useMemo(() => createMaximum(run), [run]);
  return (
    <>
      <Controls laboratory={laboratory} />
      <ProblemNotice laboratory={laboratory} />
      <div class="charts">
        <InContextChart run={run} yMaximum={yMaximum} />
        <TrainingChart run={run} yMaximum={yMaximum} />
      </div>
      <WhatYouSee run={run} />
      <TakeApart laboratory={laboratory} />
      <ShortcutHelp />
      <Announcement />
    </>
  );
}
